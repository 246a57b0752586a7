using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LoginPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class OpenId : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "OpenIdClients",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Authentication = table.Column<int>(type: "integer", nullable: false),
                    IsFirstParty = table.Column<bool>(type: "boolean", nullable: false),
                    AllowsMissingCodeChallenge = table.Column<bool>(type: "boolean", nullable: false),
                    RedirectUris = table.Column<string[]>(type: "text[]", nullable: false),
                    PostLogoutRedirectUris = table.Column<string[]>(type: "text[]", nullable: false),
                    Scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    BackChannelLogoutUri = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    KeySetJson = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIdClients", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIdClients_Tenants_TenantId",
                        column: x => x.TenantId,
                        principalTable: "Tenants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AuthorizationRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    BindingHash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: true),
                    HandleHash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: true),
                    Parameters = table.Column<string>(type: "text", nullable: false),
                    IsAccountSelected = table.Column<bool>(type: "boolean", nullable: false),
                    ConsentedUserId = table.Column<Guid>(type: "uuid", nullable: true),
                    IsDenied = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuthorizationRequests", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AuthorizationRequests_OpenIdClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "OpenIdClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OpenIdClientSecrets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    SecretHash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    Ending = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIdClientSecrets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIdClientSecrets_OpenIdClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "OpenIdClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OpenIdConsents",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    GrantedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIdConsents", x => new { x.UserId, x.ClientId });
                    table.ForeignKey(
                        name: "FK_OpenIdConsents_OpenIdClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "OpenIdClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_OpenIdConsents_Users_UserId",
                        column: x => x.UserId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OpenIdGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    ToldSessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    IdTokenClaims = table.Column<string[]>(type: "text[]", nullable: false),
                    UserInfoClaims = table.Column<string[]>(type: "text[]", nullable: false),
                    AuthenticatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AuthenticationMethods = table.Column<string[]>(type: "text[]", nullable: false),
                    AuthenticationContextClass = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SecurityStamp = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    IsOffline = table.Column<bool>(type: "boolean", nullable: false),
                    DpopKeyThumbprint = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastUsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LogoutDueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LogoutAttempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIdGrants", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIdGrants_OpenIdClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "OpenIdClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_OpenIdGrants_Users_UserId",
                        column: x => x.UserId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AuthorizationCodes",
                columns: table => new
                {
                    CodeHash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    GrantId = table.Column<Guid>(type: "uuid", nullable: false),
                    RedirectUri = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Nonce = table.Column<string>(type: "text", nullable: true),
                    CodeChallenge = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: true),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuthorizationCodes", x => x.CodeHash);
                    table.ForeignKey(
                        name: "FK_AuthorizationCodes_OpenIdGrants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "OpenIdGrants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OpenIdRefreshTokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    GrantId = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenHash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    SpentBy = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: true),
                    ProtectedAnswer = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIdRefreshTokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIdRefreshTokens_OpenIdGrants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "OpenIdGrants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationCodes_ExpiresAt",
                table: "AuthorizationCodes",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationCodes_GrantId",
                table: "AuthorizationCodes",
                column: "GrantId");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_ClientId",
                table: "AuthorizationRequests",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_ExpiresAt",
                table: "AuthorizationRequests",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_AuthorizationRequests_HandleHash",
                table: "AuthorizationRequests",
                column: "HandleHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdClients_TenantId_ClientId",
                table: "OpenIdClients",
                columns: new[] { "TenantId", "ClientId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdClientSecrets_ClientId",
                table: "OpenIdClientSecrets",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdConsents_ClientId",
                table: "OpenIdConsents",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdGrants_ClientId",
                table: "OpenIdGrants",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdGrants_ExpiresAt",
                table: "OpenIdGrants",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdGrants_LogoutDueAt",
                table: "OpenIdGrants",
                column: "LogoutDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdGrants_SessionId",
                table: "OpenIdGrants",
                column: "SessionId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdGrants_UserId_ClientId",
                table: "OpenIdGrants",
                columns: new[] { "UserId", "ClientId" });

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdRefreshTokens_ExpiresAt",
                table: "OpenIdRefreshTokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdRefreshTokens_GrantId",
                table: "OpenIdRefreshTokens",
                column: "GrantId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIdRefreshTokens_TokenHash",
                table: "OpenIdRefreshTokens",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuthorizationCodes");

            migrationBuilder.DropTable(
                name: "AuthorizationRequests");

            migrationBuilder.DropTable(
                name: "OpenIdClientSecrets");

            migrationBuilder.DropTable(
                name: "OpenIdConsents");

            migrationBuilder.DropTable(
                name: "OpenIdRefreshTokens");

            migrationBuilder.DropTable(
                name: "OpenIdGrants");

            migrationBuilder.DropTable(
                name: "OpenIdClients");
        }
    }
}
