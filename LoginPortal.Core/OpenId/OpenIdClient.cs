namespace LoginPortal.Core.OpenId;

/// <summary>An application of a tenant that people are handed to (a client of OAuth 2.1, 2).</summary>
public sealed class OpenIdClient
{
    /// <summary>The longest name in characters.</summary>
    public const int MaximumNameLength = 100;

    /// <summary>The longest identifier in characters.</summary>
    public const int MaximumClientIdLength = 64;

    /// <summary>The longest address in characters.</summary>
    public const int MaximumUriLength = 1000;

    /// <summary>The most addresses of one kind.</summary>
    public const int MaximumUris = 20;

    /// <summary>How many secrets work at once: the one in use, and its successor while the application is moved over to it.</summary>
    public const int MaximumSecrets = 2;

    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant whose people it may sign in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The <c>client_id</c>; unique in the tenant, public, never changes.</summary>
    public required string ClientId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; set; }

    /// <summary>What it is built as, which decides how it proves who it is.</summary>
    public required OpenIdClientKind Kind { get; init; }

    /// <summary>How it proves who it is at the token endpoint.</summary>
    public required ClientAuthenticationKind Authentication { get; set; }

    /// <summary>Whether it is the tenant's own, so that nobody is asked for consent. Default <see langword="false"/>.</summary>
    public bool IsFirstParty { get; set; }

    /// <summary>
    /// Whether it may leave PKCE out. Default <see langword="false"/>; it exists for conformance runs, whose client knows no PKCE, and makes
    /// the client open to injected codes (RFC 9700, 2.1.1).
    /// </summary>
    public bool AllowsMissingCodeChallenge { get; set; }

    /// <summary>Where people may be sent back to, compared character by character (RFC 9700, 2.1).</summary>
    public IReadOnlyList<string> RedirectUris { get; set; } = [];

    /// <summary>Where people may be sent after signing out.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; set; } = [];

    /// <summary>The scopes it may ask for, of <see cref="OpenIdScope"/>; for a service, names of its own.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Where it is told that a session ended (OpenID Connect Back-Channel Logout 1.0); <see langword="null"/> if it does not want to know.</summary>
    public string? BackChannelLogoutUri { get; set; }

    /// <summary>Its public keys as a JSON Web Key Set, for <see cref="ClientAuthenticationKind.PrivateKey"/>.</summary>
    public string? KeySetJson { get; set; }

    /// <summary>Its secrets.</summary>
    public ICollection<OpenIdClientSecret> Secrets { get; } = [];

    /// <summary>When it was registered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A secret of a confidential client.</summary>
public sealed class OpenIdClientSecret
{
    /// <summary>Version-7 identifier, by which lists name it. Opens nothing.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The client.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Its last four characters, to tell two apart.</summary>
    public required string Ending { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a client is built as. The values are stored: they never change.</summary>
public enum OpenIdClientKind
{
    /// <summary>A server that keeps a secret.</summary>
    Web = 0,

    /// <summary>A script in a browser, which keeps none.</summary>
    SinglePage = 1,

    /// <summary>A program on a device, which keeps none (RFC 8252).</summary>
    Native = 2,

    /// <summary>A program that acts for itself and signs nobody in.</summary>
    Service = 3,
}

/// <summary>How a client proves who it is. The values are stored: they never change.</summary>
public enum ClientAuthenticationKind
{
    /// <summary>Not at all: a public client.</summary>
    None = 0,

    /// <summary>By a secret, in the header (<c>client_secret_basic</c>) or in the form (<c>client_secret_post</c>).</summary>
    Secret = 1,

    /// <summary>By a signature (<c>private_key_jwt</c>, OpenID Connect Core 9).</summary>
    PrivateKey = 2,
}

/// <summary>The scopes that the portal knows (OpenID Connect Core 5.4, 11).</summary>
public static class OpenIdScope
{
    /// <summary>Signing in: <c>sub</c>.</summary>
    public const string OpenId = "openid";

    /// <summary>Names and language.</summary>
    public const string Profile = "profile";

    /// <summary>The address, and whether it is confirmed.</summary>
    public const string Email = "email";

    /// <summary>A refresh token, which works when the person is away.</summary>
    public const string OfflineAccess = "offline_access";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenId, Profile, Email, OfflineAccess];
}
