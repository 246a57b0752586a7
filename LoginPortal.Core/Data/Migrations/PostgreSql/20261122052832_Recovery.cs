using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Recovery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What a mail says is encrypted from here on, which a migration cannot do; none was ever sent by a released version.
            migrationBuilder.Sql("DELETE FROM \"OutboxMails\"");

            migrationBuilder.DropIndex(
                name: "IX_OneTimeLinks_TenantId_Purpose",
                table: "OneTimeLinks");

            migrationBuilder.DropColumn(
                name: "Html",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Text",
                table: "OutboxMails");

            migrationBuilder.AddColumn<byte[]>(
                name: "ProtectedContent",
                table: "OutboxMails",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "SenderName",
                table: "OutboxMails",
                type: "character varying(128)",
                maxLength: 128,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "CreatedAt",
                table: "OneTimeLinks",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "OneTimeLinks",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "MailAllowances",
                columns: table => new
                {
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Purpose = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Subject = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    FifthLast = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FourthLast = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ThirdLast = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SecondLast = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Last = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailAllowances", x => new { x.TenantId, x.Purpose, x.Subject });
                });

            migrationBuilder.CreateTable(
                name: "RecoveryRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    IpAddress = table.Column<string>(type: "character varying(45)", maxLength: 45, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecoveryRequests", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RecoveryRequests_Tenants_TenantId",
                        column: x => x.TenantId,
                        principalTable: "Tenants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeLinks_TenantId_Purpose_SubjectId",
                table: "OneTimeLinks",
                columns: new[] { "TenantId", "Purpose", "SubjectId" });

            migrationBuilder.CreateIndex(
                name: "IX_MailAllowances_Last",
                table: "MailAllowances",
                column: "Last");

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryRequests_TenantId",
                table: "RecoveryRequests",
                column: "TenantId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MailAllowances");

            migrationBuilder.DropTable(
                name: "RecoveryRequests");

            migrationBuilder.DropIndex(
                name: "IX_OneTimeLinks_TenantId_Purpose_SubjectId",
                table: "OneTimeLinks");

            migrationBuilder.DropColumn(
                name: "ProtectedContent",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "SenderName",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "CreatedAt",
                table: "OneTimeLinks");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "OneTimeLinks");

            migrationBuilder.AddColumn<string>(
                name: "Html",
                table: "OutboxMails",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Text",
                table: "OutboxMails",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeLinks_TenantId_Purpose",
                table: "OneTimeLinks",
                columns: new[] { "TenantId", "Purpose" });
        }
    }
}
