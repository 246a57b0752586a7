namespace LoginPortal.Core.OpenId;

/// <summary>What an administrator says of an application. Nothing in it is secret: differences of it are kept in the audit.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What it is built as; fixed once it is registered.</param>
/// <param name="Authentication">How it proves who it is; none for single-page and native applications.</param>
/// <param name="IsFirstParty">Whether it is the tenant's own.</param>
/// <param name="RedirectUris">Where people may be sent back to.</param>
/// <param name="PostLogoutRedirectUris">Where people may be sent after signing out.</param>
/// <param name="Scopes">The scopes it may ask for; <c>openid</c> always is among those of an application that signs people in.</param>
/// <param name="BackChannelLogoutUri">Where it is told of ended sessions; empty for nowhere.</param>
/// <param name="KeySetJson">Its public keys as a JSON Web Key Set; empty for none.</param>
/// <param name="AllowsMissingCodeChallenge">Whether PKCE may be left out, for conformance runs.</param>
public sealed record ClientDraft(
    string Name,
    OpenIdClientKind Kind,
    ClientAuthenticationKind Authentication,
    bool IsFirstParty,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris,
    IReadOnlyList<string> Scopes,
    string? BackChannelLogoutUri,
    string? KeySetJson,
    bool AllowsMissingCodeChallenge)
{
    /// <summary>A good beginning for an application of a kind.</summary>
    public static ClientDraft For(OpenIdClientKind kind) => new(
        "",
        kind,
        kind is OpenIdClientKind.Web or OpenIdClientKind.Service ? ClientAuthenticationKind.Secret : ClientAuthenticationKind.None,
        IsFirstParty: true,
        [],
        [],
        kind == OpenIdClientKind.Service ? [] : [OpenIdScope.OpenId, OpenIdScope.Profile, OpenIdScope.Email],
        BackChannelLogoutUri: null,
        KeySetJson: null,
        AllowsMissingCodeChallenge: false);
}

/// <summary>A registered application.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Draft">What was said of it.</param>
/// <param name="Secrets">Its secrets, the oldest first.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
/// <param name="Issuer">The tenant's <c>iss</c>.</param>
public sealed record ClientDetails(
    Guid Id, string ClientId, ClientDraft Draft, IReadOnlyList<ClientSecretInfo> Secrets, DateTimeOffset CreatedAt, string Issuer);

/// <summary>A secret, without itself.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Ending">Its last four characters.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record ClientSecretInfo(Guid Id, string Ending, DateTimeOffset CreatedAt);

/// <summary>What is wrong with a draft. The names are stable: texts and API codes are made of them.</summary>
public enum ClientProblem
{
    /// <summary>The name is empty, too long or holds control characters.</summary>
    Name,

    /// <summary>A public application cannot keep a secret, and a confidential one must prove who it is.</summary>
    Authentication,

    /// <summary>There is none, there are too many, or one is not https (http only on the own machine), has a fragment or a wildcard.</summary>
    RedirectUris,

    /// <summary>Likewise for the addresses after signing out.</summary>
    PostLogoutRedirectUris,

    /// <summary>A scope is not one that the portal knows; for a service, not a plain name.</summary>
    Scopes,

    /// <summary>The address is not https (http only on the own machine).</summary>
    BackChannelLogoutUri,

    /// <summary>The text is no JSON Web Key Set of public keys (EC P-256 or P-384, RSA from 2048 bits).</summary>
    KeySet,
}

/// <summary>What became of a wish about an application. A closed family.</summary>
public abstract record ClientChangeResult
{
    private ClientChangeResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Client">The application as it is now.</param>
    /// <param name="NewSecret">A secret that was made: only its hash is kept, so this is the only time that it can be seen.</param>
    public sealed record Done(ClientDetails Client, string? NewSecret) : ClientChangeResult
    {
        /// <summary>Without the secret: records print themselves into logs.</summary>
        public override string ToString() => $"{nameof(Done)} {Client.ClientId}";
    }

    /// <summary>Something in the draft is wrong; nothing was changed.</summary>
    /// <param name="Problems">What.</param>
    public sealed record Invalid(IReadOnlyList<ClientProblem> Problems) : ClientChangeResult;

    /// <summary>There is no such application, or no such secret.</summary>
    public sealed record NotFound : ClientChangeResult;

    /// <summary>It has two secrets, or takes none.</summary>
    public sealed record NoRoomForSecret : ClientChangeResult;

    /// <summary>It is deleted, and everything that it was given with it.</summary>
    public sealed record Deleted : ClientChangeResult;
}
