using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class AdministeredAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "NormalizedEmail",
                table: "Users",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(256)",
                oldMaxLength: 256,
                oldNullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchName",
                table: "Users",
                type: "character varying(250)",
                maxLength: 250,
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "SearchNameReversed",
                table: "Users",
                type: "character varying(250)",
                maxLength: 250,
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "Slug",
                table: "Tenants",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(40)",
                oldMaxLength: 40);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DeletionDueAt",
                table: "Tenants",
                type: "timestamp with time zone",
                nullable: true);

            // As near as the database itself comes to it; accents go with the next change of the name.
            migrationBuilder.Sql(
                "UPDATE \"Users\" SET \"SearchName\" = left(upper(trim(\"GivenName\" || ' ' || \"FamilyName\")), 250), \"SearchNameReversed\" = left(upper(trim(\"FamilyName\" || ' ' || \"GivenName\")), 250)");

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

            migrationBuilder.AlterColumn<string>(
                name: "NormalizedEmail",
                table: "Users",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(256)",
                oldMaxLength: 256,
                oldNullable: true,
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "Slug",
                table: "Tenants",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(40)",
                oldMaxLength: 40,
                oldCollation: "C");
        }
    }
}
