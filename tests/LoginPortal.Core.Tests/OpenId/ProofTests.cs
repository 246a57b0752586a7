using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.Tests.OpenId;

public sealed class ProofSqliteTests() : ProofTests(DatabaseProvider.Sqlite);

public sealed class ProofPostgreSqlTests() : ProofTests(DatabaseProvider.PostgreSql);

/// <summary>How clients prove who they are and that a token is theirs.</summary>
public abstract class ProofTests(DatabaseProvider provider) : OpenIdTestBase(provider)
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public override async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Secret_InHeaderOrForm_ProvesAConfidentialClientInOneWayAlone()
    {
        await GivenApplicationAsync();
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"app:{ClientSecret}"));

        Assert.True(await IsAuthenticAsync(basic));
        Assert.True(await IsAuthenticAsync(null, ("client_id", "app"), ("client_secret", ClientSecret)));
        Assert.False(await IsAuthenticAsync(basic, ("client_secret", ClientSecret)));
        Assert.False(await IsAuthenticAsync(basic, ("client_id", "other")));
        Assert.False(await IsAuthenticAsync(null, ("client_id", "app"), ("client_secret", ClientSecret + "x")));
        Assert.False(await IsAuthenticAsync(null, ("client_id", "app")));
        Assert.False(await IsAuthenticAsync("Basic !!!"));
        Assert.False(await IsAuthenticAsync("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("app"))));
        Assert.False(await IsAuthenticAsync(null));
    }

    [Fact]
    public async Task PublicClient_SaysWhoItIsAndHasNoSecret()
    {
        await GivenApplicationAsync();
        await AddClientAsync("spa", kind: OpenIdClientKind.SinglePage);

        Assert.True(await IsAuthenticAsync(null, ("client_id", "spa")));
        Assert.False(await IsAuthenticAsync(null, ("client_id", "spa"), ("client_secret", ClientSecret)));
    }

    [Fact]
    public async Task Assertion_ProvesAClientOnceForThisIssuer()
    {
        await GivenApplicationAsync();
        await AddSignedClientAsync();
        var assertion = Assertion();

        Assert.True(await IsAssertedAsync(assertion));
        Assert.False(await IsAssertedAsync(assertion));
        Assert.True(await IsAssertedAsync(Assertion(new() { ["aud"] = Issuer + OpenIdIssuer.TokenPath })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["aud"] = "https://login.example.com/t/other" })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["aud"] = new[] { Issuer, "https://evil.example" } })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["sub"] = "app" })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["exp"] = Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds() })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["exp"] = Clock.GetUtcNow().AddMinutes(11).ToUnixTimeSeconds() })));
        Assert.False(await IsAssertedAsync(Assertion(new() { ["jti"] = null })));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(await IsAssertedAsync(Assertion(key: other)));
        var parts = Assertion().Split('.');
        Assert.False(await IsAssertedAsync($"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{parts[1]}."));
        Assert.False(await IsAssertedAsync(WithMac(parts[1])));
    }

    [Fact]
    public async Task Assertion_InParallel_CountsOnce()
    {
        await GivenApplicationAsync();
        await AddSignedClientAsync();
        var assertion = Assertion();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => IsAssertedAsync(assertion)));

        Assert.Single(answers, answer => answer);
    }

    [Fact]
    public async Task Dpop_BindsCodeTokensAndRefreshToTheKey()
    {
        await GivenApplicationAsync();
        var spa = await AddClientAsync("spa", kind: OpenIdClientKind.SinglePage);
        var code = await GetCodeAsync(("client_id", "spa"), ("dpop_jkt", Thumbprint));
        Assert.Equal("invalid_dpop_proof", RefusalOf(await RedeemAsync(code, client: spa)));

        var issued = Issued(await RedeemAsync(code, client: spa, proof: TokenProof()));

        Assert.Equal("DPoP", issued.TokenType);
        Assert.Equal(Thumbprint, PayloadOf(issued.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken));
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken, isDpop: true));
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken, isDpop: true, UserInfoProof("another token")));
        var proof = UserInfoProof(issued.AccessToken);
        Assert.IsType<UserInfoResult.Found>(await UserInfoAsync(issued.AccessToken, isDpop: true, proof));
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken, isDpop: true, proof));

        Assert.Equal("invalid_dpop_proof", RefusalOf(await RefreshAsync(issued.RefreshToken, spa)));
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("invalid_dpop_proof", RefusalOf(await RefreshAsync(issued.RefreshToken, spa, TokenProof(key: thief))));
        Assert.Equal("DPoP", Issued(await RefreshAsync(issued.RefreshToken, spa, TokenProof())).TokenType);
    }

    [Fact]
    public async Task Dpop_ProofThatDoesNotHold_IsRefused()
    {
        await GivenApplicationAsync();
        var code = await GetCodeAsync();
        var used = TokenProof();
        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync("unknown", proof: used)));
        var parts = TokenProof().Split('.');
        var wrong = new List<string>
        {
            used,
            "",
            "x",
            TokenProof(new() { ["htm"] = "GET" }),
            TokenProof(new() { ["htu"] = "https://evil.example/connect/token" }),
            TokenProof(new() { ["htu"] = Issuer + "/connect/userinfo" }),
            TokenProof(new() { ["iat"] = Clock.GetUtcNow().AddSeconds(-61).ToUnixTimeSeconds() }),
            TokenProof(new() { ["iat"] = Clock.GetUtcNow().AddSeconds(11).ToUnixTimeSeconds() }),
            TokenProof(new() { ["jti"] = null }),
            TokenProof(type: "JWT"),
            TokenProof(withPrivateKey: true),
            $"{parts[0]}.{parts[1]}.AAAA",
            $"{Base64UrlEncoder.Encode($$"""{"alg":"none","typ":"dpop+jwt","jwk":{{PublicKey()}}}""")}.{parts[1]}.",
        };

        foreach (var proof in wrong)
        {
            Assert.Equal("invalid_dpop_proof", RefusalOf(await RedeemAsync(code, proof: proof)));
        }

        Assert.Equal("DPoP", Issued(await RedeemAsync(code, proof: TokenProof())).TokenType);
    }

    private string Thumbprint => Base64UrlEncoder.Encode(new JsonWebKey(PublicKey()).ComputeJwkThumbprint());

    private async Task AddSignedClientAsync() => await AddClientAsync("signed", client =>
    {
        client.Authentication = ClientAuthenticationKind.PrivateKey;
        client.KeySetJson = $$"""{"keys":[{{PublicKey()}}]}""";
    });

    private async Task<bool> IsAuthenticAsync(string? authorization, params (string, string?)[] form) => await UseAsync((ClientAuthenticator service) =>
        service.AuthenticateAsync(authorization, Parameters(form), OpenIdIssuer.TokenPath, CancellationToken.None)) is ClientAuthenticationResult.Authenticated;

    private Task<bool> IsAssertedAsync(string assertion) => IsAuthenticAsync(
        null,
        ("client_id", "signed"),
        ("client_assertion", assertion),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));

    private string Assertion(Dictionary<string, object?>? changes = null, ECDsa? key = null) => Sign(
        new()
        {
            ["iss"] = "signed",
            ["sub"] = "signed",
            ["aud"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["exp"] = Clock.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds(),
        },
        changes,
        "JWT",
        key ?? _key,
        header: null);

    /// <summary>The public key taken for a shared secret, as a careless server might.</summary>
    private string WithMac(string payload)
    {
        var head = Base64UrlEncoder.Encode("""{"alg":"HS256"}""") + "." + payload;
        return head + "." + Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PublicKey()), Encoding.ASCII.GetBytes(head)));
    }

    private string TokenProof(Dictionary<string, object?>? changes = null, string type = "dpop+jwt", ECDsa? key = null, bool withPrivateKey = false) => Sign(
        new() { ["htm"] = "POST", ["htu"] = Issuer + OpenIdIssuer.TokenPath, ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString() },
        changes,
        type,
        key ?? _key,
        new() { ["jwk"] = JsonDocument.Parse(PublicKey(key, withPrivateKey)).RootElement });

    private string UserInfoProof(string token) => TokenProof(new()
    {
        ["htm"] = "GET",
        ["htu"] = Issuer + OpenIdIssuer.UserInfoPath,
        ["ath"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
    });

    private string PublicKey(ECDsa? key = null, bool withPrivateKey = false)
    {
        var parameters = (key ?? _key).ExportParameters(withPrivateKey);
        var d = withPrivateKey ? $",\"d\":\"{Base64UrlEncoder.Encode(parameters.D)}\"" : "";
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64UrlEncoder.Encode(parameters.Q.X)}}","y":"{{Base64UrlEncoder.Encode(parameters.Q.Y)}}"{{d}}}""";
    }

    private static string Sign(
        Dictionary<string, object?> claims, Dictionary<string, object?>? changes, string type, ECDsa key, Dictionary<string, object>? header)
    {
        foreach (var (name, value) in changes ?? [])
        {
            claims[name] = value;
        }

        var head = new Dictionary<string, object>(header ?? []) { ["alg"] = "ES256", ["typ"] = type };
        var text = Base64UrlEncoder.Encode(JsonSerializer.Serialize(head)) + "."
            + Base64UrlEncoder.Encode(JsonSerializer.Serialize(claims.Where(claim => claim.Value is not null).ToDictionary()));
        return text + "." + Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }
}
