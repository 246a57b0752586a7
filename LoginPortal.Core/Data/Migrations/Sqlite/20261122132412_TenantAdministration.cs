using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TenantAdministration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_TenantDomains_Host",
                table: "TenantDomains");

            migrationBuilder.DropIndex(
                name: "IX_TenantDomains_TenantId",
                table: "TenantDomains");

            migrationBuilder.AddColumn<long>(
                name: "ClaimedAt",
                table: "TenantDomains",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ExpiresAt",
                table: "TenantDomains",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Token",
                table: "TenantDomains",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "TriedAt",
                table: "TenantDomains",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DraftUntil",
                table: "BrandAssets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_TenantDomains_ExpiresAt",
                table: "TenantDomains",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_TenantDomains_Host",
                table: "TenantDomains",
                column: "Host",
                unique: true,
                filter: "\"VerifiedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_TenantDomains_TenantId_Host",
                table: "TenantDomains",
                columns: new[] { "TenantId", "Host" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BrandAssets_DraftUntil",
                table: "BrandAssets",
                column: "DraftUntil");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_TenantDomains_ExpiresAt",
                table: "TenantDomains");

            migrationBuilder.DropIndex(
                name: "IX_TenantDomains_Host",
                table: "TenantDomains");

            migrationBuilder.DropIndex(
                name: "IX_TenantDomains_TenantId_Host",
                table: "TenantDomains");

            migrationBuilder.DropIndex(
                name: "IX_BrandAssets_DraftUntil",
                table: "BrandAssets");

            migrationBuilder.DropColumn(
                name: "ClaimedAt",
                table: "TenantDomains");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "TenantDomains");

            migrationBuilder.DropColumn(
                name: "Token",
                table: "TenantDomains");

            migrationBuilder.DropColumn(
                name: "TriedAt",
                table: "TenantDomains");

            migrationBuilder.DropColumn(
                name: "DraftUntil",
                table: "BrandAssets");

            migrationBuilder.CreateIndex(
                name: "IX_TenantDomains_Host",
                table: "TenantDomains",
                column: "Host",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TenantDomains_TenantId",
                table: "TenantDomains",
                column: "TenantId");
        }
    }
}
