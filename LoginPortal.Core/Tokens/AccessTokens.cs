using System.Collections.Concurrent;
using System.Globalization;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tokens;

/// <summary>Makes and reads access tokens: JWTs (RFC 9068) signed with ES256, which anybody can check with the published keys.</summary>
public sealed class AccessTokens(SigningKeys keys, IOptions<TokenOptions> options, IOptions<PortalOptions> portal, TimeProvider time)
{
    private const string TokenType = "at+jwt";
    private const string TenantClaim = "tid";
    private const string ScopeClaim = "scope";
    private const string FlowClaim = "flow";
    private const string ContractClaim = "client_id";
    private const int LongestToken = 8 * 1024;

    /// <summary>More tokens than this are forgotten all at once; their signatures are checked again.</summary>
    private const int MaximumChecked = 10_000;

    private readonly ConcurrentDictionary<string, (string KeyId, AccessTokenContent Content)> _checked = new(StringComparer.Ordinal);

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = LongestToken,
        MapInboundClaims = false,
    };

    /// <summary>The <c>iss</c> of every token: the portal's own origin.</summary>
    public string Issuer { get; } = portal.Value.PublicOrigin!.GetLeftPart(UriPartial.Authority);

    /// <summary>A token for a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="contract">The contract that the person signed in through.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AccessToken> IssueAsync(Session session, string contract, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return IssueAsync(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = session.UserId.ToString(),
                [TenantClaim] = session.TenantId.ToString(),
                [JwtRegisteredClaimNames.Sid] = session.Id.ToString(),
                [JwtRegisteredClaimNames.Amr] = session.AuthenticationMethods.ToArray(),
                [JwtRegisteredClaimNames.Acr] = session.AuthenticationContextClass,
                [JwtRegisteredClaimNames.AuthTime] = session.AuthenticatedAt.ToUnixTimeSeconds(),
                [ScopeClaim] = TokenScope.Account,
                [ContractClaim] = contract,
            },
            session.ExpiresAt,
            cancellationToken);
    }

    /// <summary>A token that opens nothing but setting up the second factor that a sign-in still owes.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="userId">The person.</param>
    /// <param name="handle">The handle of the sign-in.</param>
    /// <param name="handleExpiresAt">When the handle ends, and the token with it, UTC.</param>
    /// <param name="contract">The contract that the person signs in through.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AccessToken> IssueForEnrolmentAsync(
        Guid tenantId, Guid userId, string handle, DateTimeOffset handleExpiresAt, string contract, CancellationToken cancellationToken) => IssueAsync(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = userId.ToString(),
                [TenantClaim] = tenantId.ToString(),
                [FlowClaim] = handle,
                [ScopeClaim] = TokenScope.Enrolment,
                [ContractClaim] = contract,
            },
            handleExpiresAt,
            cancellationToken);

    /// <summary>What a token says, once its signature, type, issuer, audience and time have been checked.</summary>
    /// <param name="token">The token.</param>
    /// <param name="acceptExpired">Whether its time does not matter, as where it only names what is to be refreshed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> if it does not hold.</returns>
    public async Task<AccessTokenContent?> ReadAsync(string? token, bool acceptExpired, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token) || token.Length > LongestToken)
        {
            return null;
        }

        // A signature that held once holds; whether its key is still published, and the token's time, is asked each time.
        var digest = Secret.Hash(token);
        if (_checked.TryGetValue(digest, out var known) && await keys.FindAsync(known.KeyId, cancellationToken) is not null)
        {
            return acceptExpired || known.Content.ExpiresAt > time.GetUtcNow() ? known.Content : null;
        }

        if (!_handler.CanReadToken(token) || KeyIdOf(token) is not { } keyId || await keys.FindAsync(keyId, cancellationToken) is not { } key)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = options.Value.Audience,
            ValidTypes = [TokenType],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = key,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && (acceptExpired || new DateTimeOffset(end, TimeSpan.Zero) > now),
        });
        var content = result is { IsValid: true, SecurityToken: JsonWebToken read } ? Describe(read) : null;
        if (content is not null)
        {
            if (_checked.Count >= MaximumChecked)
            {
                _checked.Clear();
            }

            _checked[digest] = (keyId, content);
        }

        return content;
    }

    private static AccessTokenContent? Describe(JsonWebToken token)
    {
        if (!Guid.TryParse(token.Subject, out var userId) || !Guid.TryParse(Text(TenantClaim), out var tenantId))
        {
            return null;
        }

        var sessionId = Guid.TryParse(Text(JwtRegisteredClaimNames.Sid), out var parsed) ? parsed : (Guid?)null;
        return new AccessTokenContent(
            token.Id,
            tenantId,
            userId,
            sessionId,
            Text(ScopeClaim),
            Text(FlowClaim),
            Text(ContractClaim),
            new DateTimeOffset(token.IssuedAt, TimeSpan.Zero),
            new DateTimeOffset(token.ValidTo, TimeSpan.Zero));

        string Text(string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value ?? "" : "";
    }

    private static string? KeyIdOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            // Three parts with dots between them that are no JWT.
            return null;
        }
    }

    private async Task<AccessToken> IssueAsync(Dictionary<string, object> claims, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expiresAt = now + options.Value.AccessTokenLifetime < latest ? now + options.Value.AccessTokenLifetime : latest;
        claims[JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString();
        var text = _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = Issuer,
            Audience = options.Value.Audience,
            IssuedAt = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(await keys.GetCurrentAsync(cancellationToken), SecurityAlgorithms.EcdsaSha256),
        });
        return new AccessToken(text, DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()), (int)(expiresAt - now).TotalSeconds);
    }
}

/// <summary>What a token opens: the values of its claim <c>scope</c>.</summary>
public static class TokenScope
{
    /// <summary>Everything that the person may do.</summary>
    public const string Account = "account";

    /// <summary>Setting up the second factor that is owed, and nothing else.</summary>
    public const string Enrolment = "mfa_enrolment";
}

/// <summary>An access token.</summary>
/// <param name="Text">The token itself.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
/// <param name="ExpiresIn">The same in seconds from now.</param>
public sealed record AccessToken(string Text, DateTimeOffset ExpiresAt, int ExpiresIn)
{
    /// <summary>Without the token: records print themselves into logs.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(AccessToken)} until {ExpiresAt:O}");
}

/// <summary>What a token says.</summary>
/// <param name="Id">The token (<c>jti</c>).</param>
/// <param name="TenantId">The tenant (<c>tid</c>).</param>
/// <param name="UserId">The person (<c>sub</c>).</param>
/// <param name="SessionId">The session (<c>sid</c>); <see langword="null"/> for enrolment.</param>
/// <param name="Scope">One of <see cref="TokenScope"/>.</param>
/// <param name="Handle">For enrolment, the handle of the sign-in; else empty.</param>
/// <param name="Contract">The contract that the person signed in through (<c>client_id</c>).</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
public sealed record AccessTokenContent(
    string Id,
    Guid TenantId,
    Guid UserId,
    Guid? SessionId,
    string Scope,
    string Handle,
    string Contract,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>Without the handle: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(AccessTokenContent)} {Id}";
}
