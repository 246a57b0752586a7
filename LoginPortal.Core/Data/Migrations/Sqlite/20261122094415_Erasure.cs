using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Erasure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ErasureDueAt",
                table: "Users",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ErasureRequestedAt",
                table: "Users",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "UserId",
                table: "OutboxMails",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Users_ErasureDueAt",
                table: "Users",
                column: "ErasureDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMails_UserId",
                table: "OutboxMails",
                column: "UserId");

            migrationBuilder.AddForeignKey(
                name: "FK_OutboxMails_Users_UserId",
                table: "OutboxMails",
                column: "UserId",
                principalTable: "Users",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_OutboxMails_Users_UserId",
                table: "OutboxMails");

            migrationBuilder.DropIndex(
                name: "IX_Users_ErasureDueAt",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_OutboxMails_UserId",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "ErasureDueAt",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "ErasureRequestedAt",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "UserId",
                table: "OutboxMails");
        }
    }
}
