using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tests.OpenId;

/// <summary>A tenant, a person who is signed in, an application, and a browser between them.</summary>
public abstract class OpenIdTestBase(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    protected const string RedirectUri = "https://app.example.org/callback";
    protected const string ClientSecret = "the-secret-of-the-application-in-tests";
    protected const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    protected const string Binding = "the-browser";

    protected string Issuer => $"https://login.example.com/t/{Tenant.Slug}";

    protected OpenIdClient Client { get; private set; } = null!;

    protected Guid SessionId { get; set; }

    /// <summary>A tenant, its person with a session, and a first-party web application.</summary>
    protected async Task GivenApplicationAsync(Action<OpenIdClient>? configure = null)
    {
        await GivenAsync(configure: user => (user.GivenName, user.FamilyName) = ("Ada", "Lovelace"));
        SessionId = await SignedInAsync();
        Clock.Advance(TimeSpan.FromMinutes(1));
        Client = await AddClientAsync("app", configure);
    }

    protected async Task<OpenIdClient> AddClientAsync(
        string clientId, Action<OpenIdClient>? configure = null, OpenIdClientKind kind = OpenIdClientKind.Web, TenantProfile? tenant = null)
    {
        await using var scope = Host.OpenTenant(tenant ?? Tenant);
        var now = Clock.GetUtcNow();
        var client = new OpenIdClient
        {
            Id = Guid.CreateVersion7(now),
            TenantId = (tenant ?? Tenant).Id,
            ClientId = clientId,
            Name = "An application",
            Kind = kind,
            Authentication = kind is OpenIdClientKind.Web or OpenIdClientKind.Service ? ClientAuthenticationKind.Secret : ClientAuthenticationKind.None,
            IsFirstParty = true,
            RedirectUris = [RedirectUri],
            PostLogoutRedirectUris = ["https://app.example.org/"],
            Scopes = OpenIdScope.All,
            CreatedAt = now,
        };
        configure?.Invoke(client);
        if (client.Authentication == ClientAuthenticationKind.Secret)
        {
            client.Secrets.Add(new OpenIdClientSecret
            {
                Id = Guid.CreateVersion7(now), TenantId = client.TenantId, ClientId = client.Id, SecretHash = Secret.Hash(ClientSecret),
                Ending = "ests", CreatedAt = now,
            });
        }

        scope.Database.OpenIdClients.Add(client);
        await scope.Database.SaveChangesAsync();
        return client;
    }

    protected static string ChallengeOf(string verifier) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    protected static RequestParameters Parameters(params (string Name, string? Value)[] values) => new(
        values.Where(value => value.Value is not null)
            .GroupBy(value => value.Name)
            .Select(group => KeyValuePair.Create(group.Key, (IReadOnlyList<string?>)[.. group.Select(value => value.Value)])));

    /// <summary>A request with nothing wrong; what a test names replaces it, <see langword="null"/> leaves it out.</summary>
    protected RequestParameters Request(params (string Name, string? Value)[] changes)
    {
        var names = changes.Select(change => change.Name).ToHashSet();
        return Parameters(
        [
            .. new (string Name, string? Value)[]
            {
                ("client_id", Client.ClientId), ("redirect_uri", RedirectUri), ("response_type", "code"), ("scope", "openid profile email offline_access"),
                ("state", "a state"), ("nonce", "a nonce"), ("code_challenge", ChallengeOf(Verifier)), ("code_challenge_method", "S256"),
            }.Where(value => !names.Contains(value.Name)),
            .. changes,
        ]);
    }

    protected async Task<T> UseAsync<TService, T>(Func<TService, Task<T>> work, CoreHost? host = null, TenantProfile? tenant = null)
        where TService : notnull
    {
        await using var scope = (host ?? Host).OpenTenant(tenant ?? Tenant);
        return await work(scope.Services.GetRequiredService<TService>());
    }

    protected Task<AuthorizationOutcome> BeginAsync(RequestParameters request, Guid? session = null, string binding = Binding) =>
        UseAsync((Authorizations service) => service.BeginAsync(
            request, binding, session ?? SessionId, Browser.Facts, CancellationToken.None));

    protected Task<AuthorizationOutcome> BeginAsNobodyAsync(RequestParameters request) =>
        UseAsync((Authorizations service) => service.BeginAsync(request, Binding, null, Browser.Facts, CancellationToken.None));

    protected Task<AuthorizationOutcome> ResumeAsync(Guid id, string binding = Binding) => UseAsync((Authorizations service) =>
        service.ResumeAsync(id, binding, SessionId, Browser.Facts, CancellationToken.None));

    protected static AuthorizationReply ReplyOf(AuthorizationOutcome outcome) => Assert.IsType<AuthorizationOutcome.Reply>(outcome).Answer;

    protected static string? Value(AuthorizationReply reply, string name) => reply.Parameters.SingleOrDefault(parameter => parameter.Key == name).Value;

    protected static string? ErrorOf(AuthorizationOutcome outcome) => Value(ReplyOf(outcome), "error");

    protected static string CodeOf(AuthorizationOutcome outcome) => Value(ReplyOf(outcome), "code") ?? throw new InvalidOperationException(ErrorOf(outcome));

    protected async Task<string> GetCodeAsync(params (string Name, string? Value)[] changes) => CodeOf(await BeginAsync(Request(changes)));

    protected Task<TokenResult> RedeemAsync(string code, string? verifier = Verifier, OpenIdClient? client = null, string? proof = null, CoreHost? host = null) =>
        TokenAsync(Parameters(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", verifier)), client, proof, host);

    protected Task<TokenResult> RefreshAsync(
        string? token, OpenIdClient? client = null, string? proof = null, RequestFacts? facts = null, string? scope = null, CoreHost? host = null) => TokenAsync(
            Parameters(("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)), client, proof, host, facts);

    protected Task<TokenResult> TokenAsync(
        RequestParameters form, OpenIdClient? client = null, string? proof = null, CoreHost? host = null, RequestFacts? facts = null) => UseAsync(
            (TokenEndpoint service) => service.IssueAsync(client ?? Client, form, proof, facts ?? Browser.Facts, CancellationToken.None), host);

    protected static TokenResult.Issued Issued(TokenResult result) =>
        result as TokenResult.Issued ?? throw new InvalidOperationException(((TokenResult.Refused)result).Error.ToString());

    protected static string RefusalOf(TokenResult result) => Assert.IsType<TokenResult.Refused>(result).Error.Code;

    protected async Task<TokenResult.Issued> GetTokensAsync(params (string Name, string? Value)[] changes) =>
        Issued(await RedeemAsync(await GetCodeAsync(changes)));

    protected async Task<bool> IsActiveAsync(string? token, OpenIdClient? client = null) => (bool)(await UseAsync(
        (PresentedTokens service) => service.IntrospectAsync(client ?? Client, token, CancellationToken.None)))["active"];

    protected Task<UserInfoResult> UserInfoAsync(string? token, bool isDpop = false, string? proof = null) => UseAsync(
        (PresentedTokens service) => service.ReadPersonAsync(token, isDpop, proof, "GET", CancellationToken.None));

    protected static JsonElement PayloadOf(string token) => JsonDocument.Parse(Base64UrlEncoder.Decode(token.Split('.')[1])).RootElement;

    protected static JsonElement HeaderOf(string token) => JsonDocument.Parse(Base64UrlEncoder.Decode(token.Split('.')[0])).RootElement;
}
