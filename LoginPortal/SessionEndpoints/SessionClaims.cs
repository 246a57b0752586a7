using System.Globalization;
using System.Security.Claims;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;

namespace LoginPortal.SessionEndpoints;

/// <summary>The claims of a signed-in person inside the portal, named as in OpenID Connect.</summary>
internal static class SessionClaims
{
    public const string TenantId = "tid";
    private const string SessionId = "sid";
    private const string Subject = "sub";
    private const string Email = "email";
    private const string Name = "name";
    private const string Role = "role";
    private const string Locale = "locale";
    private const string AuthenticationTime = "auth_time";

    public static ClaimsPrincipal Create(ActiveSession session, TenantProfile tenant, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(Subject, session.UserId.ToString()),
            new Claim(SessionId, session.Id.ToString()),
            new Claim(TenantId, tenant.Id.ToString()),
            new Claim(Email, session.Email),
            new Claim(Name, session.DisplayName),
            new Claim(Role, session.Role.ToString()),
            new Claim(AuthenticationTime, session.AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            .. session.Language is { } language ? [new Claim(Locale, language)] : (Claim[])[],
        ],
        scheme,
        Name,
        Role));

    /// <summary>The person in <paramref name="principal"/>; <see langword="null"/> if nobody is signed in.</summary>
    public static SignedInPerson? Read(ClaimsPrincipal principal) => principal.Identity?.IsAuthenticated == true
        ? new SignedInPerson(
            Guid.Parse(Value(principal, SessionId)),
            Guid.Parse(Value(principal, Subject)),
            Guid.Parse(Value(principal, TenantId)),
            Value(principal, Email),
            Value(principal, Name),
            Enum.Parse<PortalRole>(Value(principal, Role)),
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(Value(principal, AuthenticationTime), CultureInfo.InvariantCulture)))
        : null;

    private static string Value(ClaimsPrincipal principal, string type) =>
        principal.FindFirstValue(type) ?? throw new InvalidOperationException($"A session without the claim {type}.");
}

/// <summary>Who is signed in.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">The person.</param>
/// <param name="TenantId">Their tenant.</param>
/// <param name="Email">Their address.</param>
/// <param name="DisplayName">The name to greet them by.</param>
/// <param name="Role">What they may do.</param>
/// <param name="AuthenticatedAt">When they signed in, UTC.</param>
internal sealed record SignedInPerson(
    Guid SessionId, Guid UserId, Guid TenantId, string Email, string DisplayName, PortalRole Role, DateTimeOffset AuthenticatedAt);
