using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tests.OpenId;

public sealed class TokenSqliteTests() : TokenTests(DatabaseProvider.Sqlite);

public sealed class TokenPostgreSqlTests() : TokenTests(DatabaseProvider.PostgreSql);

public abstract class TokenTests(DatabaseProvider provider) : OpenIdTestBase(provider)
{
    private static readonly RequestFacts Stranger = new("198.51.100.9", "curl/8.5.0");

    [Fact]
    public async Task Code_Redeemed_GivesTokensThatSayWhatTheyShould()
    {
        await GivenApplicationAsync();

        var issued = await GetTokensAsync();

        var id = PayloadOf(issued.IdToken!);
        Assert.Equal("ES256", HeaderOf(issued.IdToken!).GetProperty("alg").GetString());
        Assert.Equal("at+jwt", HeaderOf(issued.AccessToken).GetProperty("typ").GetString());
        Assert.Equal(Issuer, id.GetProperty("iss").GetString());
        Assert.Equal("app", id.GetProperty("aud").GetString());
        Assert.Equal(User.Id.ToString(), id.GetProperty("sub").GetString());
        Assert.Equal("a nonce", id.GetProperty("nonce").GetString());
        Assert.Equal(SessionId.ToString(), id.GetProperty("sid").GetString());
        Assert.Equal(Assurance.SingleFactor, id.GetProperty("acr").GetString());
        Assert.Equal("pwd", Assert.Single(id.GetProperty("amr").EnumerateArray()).GetString());
        Assert.Equal(Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds(), id.GetProperty("auth_time").GetInt64());
        Assert.Equal(
            Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(issued.AccessToken))[..16]), id.GetProperty("at_hash").GetString());
        Assert.False(id.TryGetProperty("email", out _));
        Assert.Equal(("Bearer", 900, "openid profile email offline_access"), (issued.TokenType, issued.ExpiresIn, issued.Scope));

        var person = Assert.IsType<UserInfoResult.Found>(await UserInfoAsync(issued.AccessToken)).Claims;
        Assert.Equal((User.Id.ToString(), Address, true, "Ada Lovelace"), (person["sub"], person["email"], person["email_verified"], person["name"]));
    }

    [Fact]
    public async Task Claims_AskedForByName_AreWhereTheyWereAskedFor()
    {
        await GivenApplicationAsync();

        var issued = await GetTokensAsync(("scope", "openid"), ("claims", """{"id_token":{"email":null},"userinfo":{"given_name":{"essential":true}}}"""));

        Assert.Equal(Address, PayloadOf(issued.IdToken!).GetProperty("email").GetString());
        var person = Assert.IsType<UserInfoResult.Found>(await UserInfoAsync(issued.AccessToken)).Claims;
        Assert.Equal(["given_name", "sub"], person.Keys.Order());
        Assert.Null(issued.RefreshToken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public async Task Code_WithTheWrongVerifier_BuysNothingAndStaysGood(string? verifier)
    {
        await GivenApplicationAsync();
        var code = await GetCodeAsync();

        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code, verifier)));

        Assert.NotNull(Issued(await RedeemAsync(code)).AccessToken);
    }

    [Fact]
    public async Task Code_OfAnotherClientAddressOrTime_BuysNothing()
    {
        await GivenApplicationAsync();
        var other = await AddClientAsync("other");
        var code = await GetCodeAsync();

        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code, client: other)));
        Assert.Equal("invalid_grant", RefusalOf(await TokenAsync(Parameters(
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri + "/"), ("code_verifier", Verifier)))));
        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync("unknown")));
        Clock.Advance(AuthorizationCode.Lifetime);
        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code)));
    }

    [Fact]
    public async Task Code_UsedTwice_EndsWhatItGave()
    {
        await GivenApplicationAsync();
        var code = await GetCodeAsync();
        var issued = Issued(await RedeemAsync(code));
        Assert.True(await IsActiveAsync(issued.AccessToken));

        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code)));

        Assert.False(await IsActiveAsync(issued.AccessToken));
        Assert.False(await IsActiveAsync(issued.RefreshToken));
        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(issued.RefreshToken)));
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken));
    }

    [Fact]
    public async Task Code_UsedInParallelOnTwoNodes_BuysAtMostOnceAndThatIsEnded()
    {
        await GivenApplicationAsync();
        var code = await GetCodeAsync();
        var node = AddHost();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => RedeemAsync(code, host: number % 2 == 0 ? Host : node)));

        var issued = Assert.Single(results.OfType<TokenResult.Issued>());
        Assert.False(await IsActiveAsync(issued.AccessToken));
        Assert.Equal(1, await ReadAsync(data => data.OpenIdRefreshTokens.CountAsync()));
    }

    [Fact]
    public async Task RefreshToken_Used_GivesTheNextWithTheSameSignIn()
    {
        await GivenApplicationAsync();
        var first = await GetTokensAsync();
        Clock.Advance(TimeSpan.FromDays(2));

        var second = Issued(await RefreshAsync(first.RefreshToken));

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(PayloadOf(first.IdToken!).GetProperty("auth_time").GetInt64(), PayloadOf(second.IdToken!).GetProperty("auth_time").GetInt64());
        Assert.False(PayloadOf(second.IdToken!).TryGetProperty("nonce", out _));
        Assert.True(await IsActiveAsync(second.AccessToken));
        Assert.Equal("invalid_scope", RefusalOf(await RefreshAsync(second.RefreshToken, scope: "openid admin")));
        var narrow = Issued(await RefreshAsync(second.RefreshToken, scope: "openid"));
        Assert.Equal(["sub"], Assert.IsType<UserInfoResult.Found>(await UserInfoAsync(narrow.AccessToken)).Claims.Keys);
    }

    [Fact]
    public async Task RefreshToken_RetriedByTheSameClientAtOnce_GetsTheSameAnswer()
    {
        await GivenApplicationAsync();
        var first = await GetTokensAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RefreshAsync(first.RefreshToken)));
        Clock.Advance(TimeSpan.FromSeconds(9));

        Assert.Single(answers.Append(await RefreshAsync(first.RefreshToken)).Select(answer => Issued(answer).RefreshToken).Distinct());
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(1, true)]
    public async Task RefreshToken_UsedAgainLaterOrElsewhere_EndsTheGrantAndNotTheSession(int seconds, bool elsewhere)
    {
        await GivenApplicationAsync();
        var first = await GetTokensAsync();
        var second = Issued(await RefreshAsync(first.RefreshToken));
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(first.RefreshToken, facts: elsewhere ? Stranger : null)));

        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(second.RefreshToken)));
        Assert.False(await IsActiveAsync(second.AccessToken));
        Assert.NotEmpty(await GetCodeAsync());
    }

    [Fact]
    public async Task RefreshToken_OfAnotherClient_IsRefusedAndStaysGood()
    {
        await GivenApplicationAsync();
        var other = await AddClientAsync("other");
        var issued = await GetTokensAsync();

        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(issued.RefreshToken, client: other)));
        Assert.False(await IsActiveAsync(issued.RefreshToken, other));
        await UseAsync(async (PresentedTokens service) =>
        {
            await service.RevokeAsync(other, issued.RefreshToken, Browser.Facts, CancellationToken.None);
            return true;
        });

        Assert.NotNull(Issued(await RefreshAsync(issued.RefreshToken)));
    }

    [Fact]
    public async Task Access_IsOver_WithTheSessionUnlessItIsOffline()
    {
        await GivenApplicationAsync();
        var online = await GetTokensAsync(("scope", "openid"));
        var offline = await GetTokensAsync();

        await UseAsync(async (SessionService sessions) =>
        {
            await sessions.EndAsync(SessionId, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
            return true;
        });

        Assert.False(await IsActiveAsync(online.AccessToken));
        Assert.True(await IsActiveAsync(offline.AccessToken));
        Assert.NotNull(Issued(await RefreshAsync(offline.RefreshToken)));
    }

    [Fact]
    public async Task Access_IsOver_WithAnotherPasswordADisabledAccountOrTheDeletedClient()
    {
        await GivenApplicationAsync();
        var changed = await GetTokensAsync();
        await ChangeUserAsync(user => user.SecurityStamp = Secret.Create());
        Assert.False(await IsActiveAsync(changed.AccessToken));
        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(changed.RefreshToken)));

        var disabled = await GetTokensAsync();
        var code = await GetCodeAsync();
        await ChangeUserAsync(user => user.DisabledAt = Clock.GetUtcNow());
        Assert.False(await IsActiveAsync(disabled.AccessToken));
        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(disabled.RefreshToken)));
        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code)));
    }

    [Fact]
    public async Task Access_TakenBackByThePerson_EndsTokensAndConsent()
    {
        await GivenApplicationAsync();
        var issued = await GetTokensAsync();
        var consents = Host.Services.GetRequiredService<Consents>();
        var listed = Assert.IsType<GrantedAccessResult.Listed>(await consents.ListAsync(Tenant.Id, SessionId, CancellationToken.None));
        Assert.Equal("An application", Assert.Single(listed.Applications).Name);

        Assert.Empty(Assert.IsType<GrantedAccessResult.Listed>(
            await consents.RevokeAsync(Tenant.Id, SessionId, Client.Id, Browser.Facts, CancellationToken.None)).Applications);

        Assert.False(await IsActiveAsync(issued.AccessToken));
        Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(issued.RefreshToken)));
    }

    [Fact]
    public async Task Revocation_ByEitherToken_EndsTheGrant()
    {
        await GivenApplicationAsync();
        foreach (var byAccessToken in (bool[])[true, false])
        {
            var issued = await GetTokensAsync();
            await UseAsync(async (PresentedTokens service) =>
            {
                await service.RevokeAsync(Client, byAccessToken ? issued.AccessToken : issued.RefreshToken, Browser.Facts, CancellationToken.None);
                return true;
            });
            Assert.False(await IsActiveAsync(issued.AccessToken));
            Assert.Equal("invalid_grant", RefusalOf(await RefreshAsync(issued.RefreshToken)));
        }
    }

    [Fact]
    public async Task AccessToken_OfAnotherKindTenantOrMaker_IsRefused()
    {
        await GivenApplicationAsync();
        var issued = await GetTokensAsync();
        var parts = issued.AccessToken.Split('.');
        var symmetric = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"at+jwt"}""");
        var api = Assert.IsType<ApiSignInOutcome.SignedIn>(await Host.Services.GetRequiredService<ApiSignIn>().SignInAsync(
            Tenant.Id, "contract", Address, new StepInput.Password(RightPassword, false), false, Browser.Facts, CancellationToken.None)).Tokens.Access.Text;

        foreach (var bad in (string?[])[
            issued.IdToken, issued.RefreshToken, api, null, "", "a.b.c", $"{symmetric}.{parts[1]}.{parts[2]}",
            $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.", $"{parts[0]}.{parts[1]}.AAAA"])
        {
            Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(bad));
        }

        await using var scope = Host.CreateScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<BearerCheck>().CheckTokenAsync(issued.AccessToken, CancellationToken.None));
        var globex = await Host.CreateTenantAsync("globex");
        Assert.IsType<UserInfoResult.Refused>(await UseAsync(
            (PresentedTokens service) => service.ReadPersonAsync(issued.AccessToken, false, null, "GET", CancellationToken.None), tenant: globex));
    }

    [Fact]
    public async Task Service_GetsATokenForItselfAndNothingElse()
    {
        await GivenApplicationAsync();
        var service = await AddClientAsync("service", client => client.Scopes = ["orders:read"], OpenIdClientKind.Service);

        var issued = Issued(await TokenAsync(Parameters(("grant_type", "client_credentials")), service));

        Assert.Equal(("service", "orders:read"), (PayloadOf(issued.AccessToken).GetProperty("sub").GetString(), issued.Scope));
        Assert.Null(issued.IdToken);
        Assert.True(await IsActiveAsync(issued.AccessToken, service));
        Assert.IsType<UserInfoResult.Refused>(await UserInfoAsync(issued.AccessToken));
        Assert.Equal("invalid_scope", RefusalOf(await TokenAsync(Parameters(("grant_type", "client_credentials"), ("scope", "orders:write")), service)));
        Assert.Equal("unauthorized_client", RefusalOf(await TokenAsync(Parameters(("grant_type", "client_credentials")))));
        Assert.Equal("unauthorized_client", RefusalOf(await TokenAsync(Parameters(("grant_type", "authorization_code"), ("code", "x")), service)));
        Assert.Equal("unauthorized_client", ErrorOf(await BeginAsync(Request(("client_id", "service")))));
        Assert.Equal("unsupported_grant_type", RefusalOf(await TokenAsync(Parameters(("grant_type", "password")))));
    }

    private async Task ChangeUserAsync(Action<PortalUser> change)
    {
        await using var scope = Host.OpenTenant(Tenant);
        change(await scope.Database.Users.SingleAsync(user => user.Id == User.Id));
        await scope.Database.SaveChangesAsync();
    }
}
