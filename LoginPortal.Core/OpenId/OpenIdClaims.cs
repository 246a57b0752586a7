using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.OpenId;

/// <summary>What clients get to know of a person (OpenID Connect Core 5.1): by scope, or by name where the scope that covers it is theirs to ask for.</summary>
public static class OpenIdClaims
{
    private static readonly (string Claim, string Scope, Func<PortalUser, object?> Value)[] Table =
    [
        ("name", OpenIdScope.Profile, user => $"{user.GivenName} {user.FamilyName}".Trim()),
        ("given_name", OpenIdScope.Profile, user => user.GivenName),
        ("family_name", OpenIdScope.Profile, user => user.FamilyName),
        ("locale", OpenIdScope.Profile, user => user.Language),
        ("email", OpenIdScope.Email, user => user.Email),
        ("email_verified", OpenIdScope.Email, user => user.EmailConfirmed),
    ];

    /// <summary>The claims of a person that there are.</summary>
    public static IEnumerable<string> Supported => Table.Select(row => row.Claim);

    /// <summary>What the person is asked to agree to: the scopes, and those that cover the claims asked for by name.</summary>
    internal static IReadOnlyList<string> ScopesOf(AuthorizationParameters parameters, OpenIdClient client) =>
    [
        .. parameters.Scopes.Union(
            Table.Where(row => client.Scopes.Contains(row.Scope)
                    && (parameters.IdTokenClaims.Contains(row.Claim) || parameters.UserInfoClaims.Contains(row.Claim)))
                .Select(row => row.Scope)),
    ];

    /// <summary>The claims of the UserInfo endpoint.</summary>
    internal static Dictionary<string, object> ForUserInfo(PortalUser user, OpenIdGrant grant, IReadOnlyCollection<string> scopes) =>
        Of(user, (claim, scope) => scopes.Contains(scope) || (grant.UserInfoClaims.Contains(claim) && grant.Client!.Scopes.Contains(scope)));

    /// <summary>The claims of an ID token: only those asked for by name, the others are fetched (OpenID Connect Core 5.4).</summary>
    internal static Dictionary<string, object> ForIdToken(PortalUser user, OpenIdGrant grant, OpenIdClient client) =>
        Of(user, (claim, scope) => grant.IdTokenClaims.Contains(claim) && client.Scopes.Contains(scope));

    private static Dictionary<string, object> Of(PortalUser user, Func<string, string, bool> isAsked)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (claim, scope, value) in Table)
        {
            if (isAsked(claim, scope) && value(user) is { } found and not "")
            {
                claims[claim] = found;
            }
        }

        return claims;
    }
}
