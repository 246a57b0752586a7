using System.ComponentModel;
using System.Text.Json;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Admin;

/// <summary>An application.</summary>
/// <param name="Id">Its identifier in these calls.</param>
/// <param name="ClientId">Its <c>client_id</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind"><c>web</c>, <c>single_page</c>, <c>native</c> or <c>service</c>.</param>
/// <param name="Authentication"><c>none</c>, <c>client_secret</c> or <c>private_key_jwt</c>.</param>
/// <param name="IsFirstParty">Whether nobody is asked for consent.</param>
/// <param name="RedirectUris">Where people may be sent back to.</param>
/// <param name="PostLogoutRedirectUris">Where people may be sent after signing out.</param>
/// <param name="Scopes">The scopes it may ask for.</param>
/// <param name="BackchannelLogoutUri">Where it is told of ended sessions.</param>
/// <param name="Jwks">Its public keys as a JSON Web Key Set.</param>
/// <param name="AllowsMissingCodeChallenge">Whether PKCE is off, for conformance runs.</param>
/// <param name="Issuer">The issuer that it signs in with.</param>
/// <param name="Secrets">Its secrets, without themselves.</param>
/// <param name="ClientSecret">A secret that was made by this very call; it cannot be read again.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
internal sealed record AdminClientResponse(
    string Id,
    string ClientId,
    string Name,
    string Kind,
    string Authentication,
    bool IsFirstParty,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris,
    IReadOnlyList<string> Scopes,
    string? BackchannelLogoutUri,
    string? Jwks,
    bool AllowsMissingCodeChallenge,
    string Issuer,
    IReadOnlyList<AdminClientSecretResponse> Secrets,
    string? ClientSecret,
    DateTimeOffset CreatedAt)
{
    /// <summary>Without the secret: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(AdminClientResponse)} {ClientId}";
}

/// <summary>A secret, without itself.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Ending">Its last four characters.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
internal sealed record AdminClientSecretResponse(string Id, string Ending, DateTimeOffset CreatedAt);

/// <summary>Register or change an application; what is left out stays as it is.</summary>
internal sealed record AdminClientRequest
{
    [Description("What people call it: 1 to 100 characters.")]
    public string? Name { get; init; }

    [Description("web, single_page, native or service; taken when it is registered, and fixed from then on.")]
    public string? Kind { get; init; }

    [Description("none, client_secret or private_key_jwt.")]
    public string? Authentication { get; init; }

    [Description("Whether it is the tenant's own, so that nobody is asked for consent. Default true.")]
    public bool? IsFirstParty { get; init; }

    [Description("Where people may be sent back to, compared character by character: a list of strings.")]
    [AnyJson]
    public JsonElement? RedirectUris { get; init; }

    [Description("Where people may be sent after signing out: a list of strings.")]
    [AnyJson]
    public JsonElement? PostLogoutRedirectUris { get; init; }

    [Description("The scopes it may ask for; for a service, names of its own: a list of strings.")]
    [AnyJson]
    public JsonElement? Scopes { get; init; }

    [Description("Where it is told of ended sessions; empty for nowhere.")]
    public string? BackchannelLogoutUri { get; init; }

    [Description("Its public keys as a JSON Web Key Set, for private_key_jwt.")]
    public string? Jwks { get; init; }

    [Description("Whether PKCE may be left out. For runs of a conformance suite alone. Default false.")]
    public bool? AllowsMissingCodeChallenge { get; init; }
}
