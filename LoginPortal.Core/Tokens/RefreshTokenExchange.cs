using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tokens;

/// <summary>
/// Puts the next refresh token in the place of the one that is presented, and reads what stands there then. It is the most frequent change of all, so these are
/// two statements that reach the database together. Both hold the same conditions: who may present a token at all is said here and nowhere else.
/// </summary>
internal sealed class RefreshTokenExchange(DirectStatements statements)
{
    /// <summary>
    /// Account and tenant are subqueries and not joined: from its guesses about a young table PostgreSQL has begun such a join with every account there is.
    /// </summary>
    private const string MayBePresented = """
        session."Id" = chain."SessionId" AND session."TokenHash" IS NOT NULL AND session."EndedAt" IS NULL AND session."ExpiresAt" > @now
        AND chain."Contract" = @contract AND chain."ExpiresAt" > @now
        AND (SELECT person."DisabledAt" FROM "Users" AS person WHERE person."Id" = session."UserId") IS NULL
        AND (SELECT tenant."Status" FROM "Tenants" AS tenant WHERE tenant."Id" = session."TenantId") = @active
        """;

    private const string ChainColumns = """
        chain."TokenHash", chain."PreviousTokenHash", chain."ReplacedBy", chain."Salt", chain."CreatedAt"
        """;

    private const string SessionColumns = """
        session."Id", session."TenantId", session."UserId", session."CreatedAt", session."AuthenticatedAt", session."LastSeenAt", session."ExpiresAt",
        session."IdleSeconds", session."IsRemembered", session."AuthenticationMethods", session."AuthenticationContextClass", session."DeviceLabel"
        """;

    /// <summary>Replaces the token if it is the good one of its chain.</summary>
    /// <param name="presented">What was presented, and where.</param>
    /// <param name="handleHash">SHA-256 of the chain's handle.</param>
    /// <param name="tokenHash">SHA-256 of the token.</param>
    /// <param name="next">What takes its place.</param>
    /// <param name="cancellationToken">Gives up; the token may then be replaced.</param>
    /// <returns>What stands in the chain now, be it <paramref name="next"/> or another's; <see langword="null"/> if nothing may be presented here.</returns>
    public Task<StandingToken?> ReplaceAsync(
        PresentedRefreshToken presented, string handleHash, string tokenHash, NextToken next, CancellationToken cancellationToken)
    {
        List<(string Name, object Value)> parameters =
        [
            ("@handle", handleHash),
            ("@token", tokenHash),
            ("@next", next.TokenHash),
            ("@salt", next.Salt),
            ("@client", next.Client),
            ("@now", next.CreatedAt),
            ("@contract", presented.Contract),
            ("@active", (int)TenantStatus.Active),
        ];
        var conditions = MayBePresented;
        Where("""AND session."TenantId" = @tenant""", "@tenant", presented.TenantId);
        Where("""AND (SELECT tenant."Slug" FROM "Tenants" AS tenant WHERE tenant."Id" = session."TenantId") = @slug""", "@slug", presented.TenantSlug);
        Where("""AND session."Id" = @session""", "@session", presented.SessionId);
        return statements.FindAsync(StatementsWhere(conditions), parameters, Read, cancellationToken);

        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions = $"{conditions} {condition}";
                parameters.Add((name, value));
            }
        }
    }

    /// <summary>The two statements; without <paramref name="conditions"/> of a request, with those that hold for all.</summary>
    internal static string StatementsWhere(string conditions = MayBePresented) =>
        $"""
        UPDATE "RefreshTokens" AS chain
        SET "TokenHash" = @next, "CreatedAt" = @now, "PreviousTokenHash" = @token, "ReplacedBy" = @client, "Salt" = @salt
        WHERE chain."HandleHash" = @handle AND chain."TokenHash" = @token AND EXISTS (SELECT 1 FROM "Sessions" AS session WHERE {conditions});
        SELECT {ChainColumns}, {SessionColumns}
        FROM "RefreshTokens" AS chain
        CROSS JOIN "Sessions" AS session
        WHERE chain."HandleHash" = @handle AND {conditions}
        """;

    private static StandingToken Read(StatementRow row) => new(
        row.Text(0),
        row.TextOrNull(1),
        row.TextOrNull(2),
        row.BytesOrNull(3),
        row.Instant(4),
        new Session
        {
            Id = row.Identifier(5),
            TenantId = row.Identifier(6),
            UserId = row.Identifier(7),
            CreatedAt = row.Instant(8),
            AuthenticatedAt = row.Instant(9),
            LastSeenAt = row.Instant(10),
            ExpiresAt = row.Instant(11),
            IdleSeconds = row.Number(12),
            IsRemembered = row.Boolean(13),
            AuthenticationMethods = row.Texts(14),
            AuthenticationContextClass = row.Text(15),
            DeviceLabel = row.Text(16),
        });
}

/// <summary>A refresh token as a request presents it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Contract">The contract it was presented in.</param>
public sealed record PresentedRefreshToken(string? Token, string Contract)
{
    /// <summary>The tenant that the request names; <see langword="null"/> where the token alone says it.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>The same by its slug.</summary>
    public string? TenantSlug { get; init; }

    /// <summary>The session that the request names beside it; <see langword="null"/> for none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Without the token: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(PresentedRefreshToken)} of {Contract}";
}

/// <summary>What takes the place of a refresh token.</summary>
/// <param name="TokenHash">SHA-256 of the token.</param>
/// <param name="Salt">What made it of the token before.</param>
/// <param name="Client">SHA-256 of network address and User-Agent of the client that presents the token before.</param>
/// <param name="CreatedAt">Now, UTC.</param>
internal sealed record NextToken(string TokenHash, byte[] Salt, string Client, DateTimeOffset CreatedAt);

/// <summary>What stands in a chain of refresh tokens.</summary>
/// <param name="TokenHash">SHA-256 of the token that is good.</param>
/// <param name="PreviousTokenHash">SHA-256 of the one before.</param>
/// <param name="ReplacedBy">Who replaced that.</param>
/// <param name="Salt">What made the good one of the one before; <see langword="null"/> for the first of a chain.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Session">The live session that the chain is of.</param>
internal sealed record StandingToken(
    string TokenHash, string? PreviousTokenHash, string? ReplacedBy, byte[]? Salt, DateTimeOffset CreatedAt, Session Session);
