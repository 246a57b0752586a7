using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class PeopleAndActivity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt",
                table: "SecurityEvents");

            migrationBuilder.CreateTable(
                name: "AccountImports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    FileName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RowCount = table.Column<int>(type: "integer", nullable: false),
                    WrongCount = table.Column<int>(type: "integer", nullable: false),
                    ExistingCount = table.Column<int>(type: "integer", nullable: false),
                    CreatedCount = table.Column<int>(type: "integer", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    SendsMails = table.Column<bool>(type: "boolean", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CompletedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    IgnoredColumns = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountImports", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AccountImports_Tenants_TenantId",
                        column: x => x.TenantId,
                        principalTable: "Tenants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AccountImportRows",
                columns: table => new
                {
                    ImportId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    NormalizedAddress = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    GivenName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    FamilyName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Language = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Problem = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountImportRows", x => new { x.ImportId, x.Line });
                    table.ForeignKey(
                        name: "FK_AccountImportRows_AccountImports_ImportId",
                        column: x => x.ImportId,
                        principalTable: "AccountImports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Users_Disabled",
                table: "Users",
                columns: new[] { "TenantId", "NormalizedEmail" },
                filter: "\"DisabledAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Users_TenantId_CreatedAt_Id",
                table: "Users",
                columns: new[] { "TenantId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Users_TenantId_EmailConfirmed_NormalizedEmail",
                table: "Users",
                columns: new[] { "TenantId", "EmailConfirmed", "NormalizedEmail" });

            migrationBuilder.CreateIndex(
                name: "IX_Users_TenantId_LastSignInAt_Id",
                table: "Users",
                columns: new[] { "TenantId", "LastSignInAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_SecurityEvents_TenantId_IpAddress_OccurredAt",
                table: "SecurityEvents",
                columns: new[] { "TenantId", "IpAddress", "OccurredAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt_Outcome_Reason",
                table: "SecurityEvents",
                columns: new[] { "TenantId", "Kind", "OccurredAt", "Outcome", "Reason" });

            migrationBuilder.CreateIndex(
                name: "IX_AccountImportRows_TenantId_NormalizedAddress",
                table: "AccountImportRows",
                columns: new[] { "TenantId", "NormalizedAddress" });

            migrationBuilder.CreateIndex(
                name: "IX_AccountImports_ExpiresAt",
                table: "AccountImports",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_AccountImports_TenantId_CreatedAt",
                table: "AccountImports",
                columns: new[] { "TenantId", "CreatedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccountImportRows");

            migrationBuilder.DropTable(
                name: "AccountImports");

            migrationBuilder.DropIndex(
                name: "IX_Users_Disabled",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_TenantId_CreatedAt_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_TenantId_EmailConfirmed_NormalizedEmail",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_TenantId_LastSignInAt_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_SecurityEvents_TenantId_IpAddress_OccurredAt",
                table: "SecurityEvents");

            migrationBuilder.DropIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt_Outcome_Reason",
                table: "SecurityEvents");

            migrationBuilder.CreateIndex(
                name: "IX_SecurityEvents_TenantId_Kind_OccurredAt",
                table: "SecurityEvents",
                columns: new[] { "TenantId", "Kind", "OccurredAt" });
        }
    }
}
