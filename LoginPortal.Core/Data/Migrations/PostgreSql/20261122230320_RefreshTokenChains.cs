using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class RefreshTokenChains : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A token from before has no handle: its holders sign in once more.
            migrationBuilder.Sql("DELETE FROM \"RefreshTokens\"");

            migrationBuilder.DropIndex(
                name: "IX_RefreshTokens_TokenHash",
                table: "RefreshTokens");

            migrationBuilder.DropColumn(
                name: "SpentAt",
                table: "RefreshTokens");

            migrationBuilder.RenameColumn(
                name: "SpentBy",
                table: "RefreshTokens",
                newName: "ReplacedBy");

            migrationBuilder.RenameColumn(
                name: "ProtectedAnswer",
                table: "RefreshTokens",
                newName: "ProtectedToken");

            migrationBuilder.AddColumn<string>(
                name: "HandleHash",
                table: "RefreshTokens",
                type: "character varying(43)",
                maxLength: 43,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PreviousTokenHash",
                table: "RefreshTokens",
                type: "character varying(43)",
                maxLength: 43,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_HandleHash",
                table: "RefreshTokens",
                column: "HandleHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DELETE FROM \"RefreshTokens\"");

            migrationBuilder.DropIndex(
                name: "IX_RefreshTokens_HandleHash",
                table: "RefreshTokens");

            migrationBuilder.DropColumn(
                name: "HandleHash",
                table: "RefreshTokens");

            migrationBuilder.DropColumn(
                name: "PreviousTokenHash",
                table: "RefreshTokens");

            migrationBuilder.RenameColumn(
                name: "ReplacedBy",
                table: "RefreshTokens",
                newName: "SpentBy");

            migrationBuilder.RenameColumn(
                name: "ProtectedToken",
                table: "RefreshTokens",
                newName: "ProtectedAnswer");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "SpentAt",
                table: "RefreshTokens",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_RefreshTokens_TokenHash",
                table: "RefreshTokens",
                column: "TokenHash",
                unique: true);
        }
    }
}
