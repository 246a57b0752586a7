using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class RefreshTokenSalts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "ProtectedToken",
                table: "RefreshTokens",
                newName: "Salt");

            // What stands there is an encrypted token, which nothing reads any more.
            migrationBuilder.Sql("UPDATE \"RefreshTokens\" SET \"Salt\" = NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "Salt",
                table: "RefreshTokens",
                newName: "ProtectedToken");
        }
    }
}
