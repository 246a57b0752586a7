namespace LoginPortal.Core.OpenId;

/// <summary>
/// An authorization request that waits: for the person, whom its identifier in the address leads back to it from wherever signing in takes them, or,
/// pushed by the client, for the browser that brings its name (RFC 9126). Used once.
/// </summary>
public sealed class AuthorizationRequest
{
    /// <summary>How long it waits for a person: longer than any sign-in takes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    /// <summary>How long a pushed one waits for its browser.</summary>
    public static readonly TimeSpan PushedLifetime = TimeSpan.FromSeconds(90);

    /// <summary>Version-7 identifier; stands in addresses and opens nothing without the browser's cookie.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it is for.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The client that made it.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>SHA-256 of the binding cookie of the browser that brought it; <see langword="null"/> until one has.</summary>
    public string? BindingHash { get; set; }

    /// <summary>SHA-256 of the name that a browser brings; <see langword="null"/> once it has.</summary>
    public string? HandleHash { get; set; }

    /// <summary>What is asked for.</summary>
    public required AuthorizationParameters Parameters { get; init; }

    /// <summary>Whether the person has been shown the choice of accounts.</summary>
    public bool IsAccountSelected { get; set; }

    /// <summary>Who agreed to it on the consent page; <see langword="null"/> while nobody has.</summary>
    public Guid? ConsentedUserId { get; set; }

    /// <summary>Whether it was declined.</summary>
    public bool IsDenied { get; set; }

    /// <summary>When it was made, UTC. A sign-in after that is a fresh one.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it can no longer be used, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What an authorization request asks for, checked (OpenID Connect Core 3.1.2.1).</summary>
public sealed record AuthorizationParameters
{
    /// <summary>Where the answer goes: one of the client's addresses.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Whether the answer is posted as a form (OAuth 2.0 Form Post Response Mode) and not put into the query.</summary>
    public bool IsFormPost { get; init; }

    /// <summary>What access is asked for; <c>openid</c> is always among it.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Returned as it came.</summary>
    public string? State { get; init; }

    /// <summary>Put into the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>SHA-256 of the verifier (RFC 7636, S256); <see langword="null"/> only where the client is exempt.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>The values of <c>prompt</c>.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>How long ago the person may have signed in, in seconds.</summary>
    public int? MaximumAge { get; init; }

    /// <summary>Who the application thinks it is.</summary>
    public string? LoginHint { get; init; }

    /// <summary>The languages the application prefers.</summary>
    public string? UiLocales { get; init; }

    /// <summary>The assurance that is wished for.</summary>
    public IReadOnlyList<string> AcrValues { get; init; } = [];

    /// <summary>Whether an assurance of <see cref="AcrValues"/> is a condition and not a wish.</summary>
    public bool IsAcrEssential { get; init; }

    /// <summary>The person that it must be (<c>id_token_hint</c>, or <c>sub</c> in <c>claims</c>).</summary>
    public string? Subject { get; init; }

    /// <summary>Claims asked for by name in the ID token.</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];

    /// <summary>Claims asked for by name at the UserInfo endpoint.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];

    /// <summary>The key that the code is bound to (RFC 9449, 10).</summary>
    public string? DpopKeyThumbprint { get; init; }
}

/// <summary>Values of <c>prompt</c>.</summary>
public static class AuthorizationPrompt
{
    /// <summary>Nothing may be shown.</summary>
    public const string None = "none";

    /// <summary>The person proves again who they are.</summary>
    public const string Login = "login";

    /// <summary>The person is asked for consent, even if they gave it before.</summary>
    public const string Consent = "consent";

    /// <summary>The person chooses an account.</summary>
    public const string SelectAccount = "select_account";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [None, Login, Consent, SelectAccount];
}
