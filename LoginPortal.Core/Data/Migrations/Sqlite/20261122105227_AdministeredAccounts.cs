using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AdministeredAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "SearchName",
                table: "Users",
                type: "TEXT",
                maxLength: 250,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "SearchNameReversed",
                table: "Users",
                type: "TEXT",
                maxLength: 250,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "DeletionDueAt",
                table: "Tenants",
                type: "INTEGER",
                nullable: true);

            // As near as the database itself comes to it; accents go with the next change of the name.
            migrationBuilder.Sql(
                "UPDATE \"Users\" SET \"SearchName\" = substr(upper(trim(\"GivenName\" || ' ' || \"FamilyName\")), 1, 250), \"SearchNameReversed\" = substr(upper(trim(\"FamilyName\" || ' ' || \"GivenName\")), 1, 250)");

            migrationBuilder.CreateIndex(
                name: "IX_Users_TenantId_SearchName_Id",
                table: "Users",
                columns: new[] { "TenantId", "SearchName", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Users_TenantId_SearchNameReversed_Id",
                table: "Users",
                columns: new[] { "TenantId", "SearchNameReversed", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Tenants_DeletionDueAt",
                table: "Tenants",
                column: "DeletionDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_SecurityEvents_TenantId_ActorId_OccurredAt",
                table: "SecurityEvents",
                columns: new[] { "TenantId", "ActorId", "OccurredAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt",
                table: "SecurityEvents",
                columns: new[] { "TenantId", "Kind", "OccurredAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Users_TenantId_SearchName_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_TenantId_SearchNameReversed_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Tenants_DeletionDueAt",
                table: "Tenants");

            migrationBuilder.DropIndex(
                name: "IX_SecurityEvents_TenantId_ActorId_OccurredAt",
                table: "SecurityEvents");

            migrationBuilder.DropIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt",
                table: "SecurityEvents");

            migrationBuilder.DropColumn(
                name: "SearchName",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "SearchNameReversed",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "DeletionDueAt",
                table: "Tenants");
        }
    }
}
