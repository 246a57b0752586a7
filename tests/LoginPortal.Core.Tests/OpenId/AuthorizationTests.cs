using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.Tests.OpenId;

public sealed class AuthorizationSqliteTests() : AuthorizationTests(DatabaseProvider.Sqlite);

public sealed class AuthorizationPostgreSqlTests() : AuthorizationTests(DatabaseProvider.PostgreSql);

public abstract class AuthorizationTests(DatabaseProvider provider) : OpenIdTestBase(provider)
{
    [Fact]
    public async Task Request_OfASignedInPerson_IsAnsweredAtOnceWithStateAndIssuer()
    {
        await GivenApplicationAsync();

        var reply = ReplyOf(await BeginAsync(Request()));

        Assert.Equal(RedirectUri, reply.RedirectUri);
        Assert.Equal("a state", Value(reply, "state"));
        Assert.Equal(Issuer, Value(reply, "iss"));
        Assert.StartsWith(RedirectUri + "?code=", reply.Address, StringComparison.Ordinal);
        Assert.Equal(0, await ReadAsync(data => data.AuthorizationRequests.CountAsync()));
    }

    [Fact]
    public async Task RedirectUri_ThatIsNotTheRegisteredOne_NeverGetsAnAnswer()
    {
        await GivenApplicationAsync();

        foreach (var address in (string?[])
        [
            "https://app.example.org/callback/",
            "https://app.example.org/Callback",
            "https://app.example.org/callback?x=1",
            "https://app.example.org/callback#x",
            "https://app.example.org/callback/../evil",
            "https://app.example.org:443/callback",
            "https://app.example.org./callback",
            "https://APP.example.org/callback",
            "http://app.example.org/callback",
            "https://app.example.org@evil.example/callback",
            "https://app.example.org.evil.example/callback",
            "https://evil.example/?https://app.example.org/callback",
            "//app.example.org/callback",
            "https:app.example.org/callback",
            "https://app.example.org/callback%00",
            "https://app.example.org/%63allback",
            " https://app.example.org/callback",
            "javascript:alert(1)",
            null,
        ])
        {
            var outcome = await BeginAsync(Request(("redirect_uri", address), ("prompt", "none")));

            Assert.Equal(UntrustedRequest.UnknownRedirectUri, Assert.IsType<AuthorizationOutcome.Untrusted>(outcome).Reason);
        }
    }

    [Fact]
    public async Task Parameter_ThatIsWrong_IsToldTheClientWithItsState()
    {
        await GivenApplicationAsync();

        foreach (var (name, value, error) in ((string, string?, string)[])
        [
            ("response_type", "token", "unsupported_response_type"),
            ("response_type", "code id_token", "unsupported_response_type"),
            ("response_type", null, "invalid_request"),
            ("response_mode", "fragment", "invalid_request"),
            ("scope", "profile", "invalid_scope"),
            ("scope", null, "invalid_scope"),
            ("code_challenge", null, "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge_method", null, "invalid_request"),
            ("prompt", "none login", "invalid_request"),
            ("prompt", "surprise", "invalid_request"),
            ("max_age", "-1", "invalid_request"),
            ("max_age", "soon", "invalid_request"),
            ("claims", "[", "invalid_request"),
            ("claims", "{\"id_token\":1}", "invalid_request"),
            ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
            ("request_uri", "https://app.example.org/request", "request_uri_not_supported"),
            ("registration", "{}", "registration_not_supported"),
            ("id_token_hint", "x.y.z", "invalid_request"),
            ("dpop_jkt", "x", "invalid_request"),
        ])
        {
            var reply = ReplyOf(await BeginAsync(Request((name, value))));

            Assert.Equal((error, "a state", Issuer), (Value(reply, "error"), Value(reply, "state"), Value(reply, "iss")));
            Assert.Null(Value(reply, "code"));
        }
    }

    [Fact]
    public async Task Parameter_GivenTwice_SpoilsTheRequest()
    {
        await GivenApplicationAsync();

        Assert.Equal("invalid_request", ErrorOf(await BeginAsync(Request(("nonce", "a"), ("nonce", "b")))));
        Assert.IsType<AuthorizationOutcome.Untrusted>(await BeginAsync(Request(("client_id", "app"), ("client_id", "other"))));
        Assert.IsType<AuthorizationOutcome.Untrusted>(await BeginAsync(Request(("redirect_uri", RedirectUri), ("redirect_uri", "https://evil.example/"))));
    }

    [Fact]
    public async Task Client_OfAnotherTenant_IsUnknownHere()
    {
        await GivenApplicationAsync();
        var globex = await Host.CreateTenantAsync("globex");
        await AddClientAsync("theirs", tenant: globex);

        Assert.Equal(
            UntrustedRequest.UnknownClient, Assert.IsType<AuthorizationOutcome.Untrusted>(await BeginAsync(Request(("client_id", "theirs")))).Reason);
    }

    [Fact]
    public async Task Pkce_LeftOut_IsOnlyForAClientThatIsExempt()
    {
        await GivenApplicationAsync(client => client.AllowsMissingCodeChallenge = true);
        var code = await GetCodeAsync(("code_challenge", null), ("code_challenge_method", null));

        // A verifier that no challenge asked for is a sign of an injected code (RFC 9700, 2.1.1).
        Assert.Equal("invalid_grant", RefusalOf(await RedeemAsync(code)));
        Assert.NotNull(Issued(await RedeemAsync(code, verifier: null)).IdToken);
    }

    [Fact]
    public async Task Nobody_SignedIn_SignsInAndComesBackToTheSameRequestOnce()
    {
        await GivenApplicationAsync();

        var asked = Assert.IsType<AuthorizationOutcome.SignIn>(await BeginAsNobodyAsync(Request()));
        Assert.False(asked.IsFresh);
        Assert.IsType<AuthorizationOutcome.Untrusted>(await ResumeAsync(asked.RequestId, "another browser"));

        var both = await Task.WhenAll(ResumeAsync(asked.RequestId), ResumeAsync(asked.RequestId), ResumeAsync(asked.RequestId));
        Assert.Single(both, outcome => outcome is AuthorizationOutcome.Reply);
        Assert.All(both.Where(outcome => outcome is not AuthorizationOutcome.Reply), outcome => Assert.IsType<AuthorizationOutcome.Untrusted>(outcome));
    }

    [Fact]
    public async Task Request_AfterItsTime_IsOver()
    {
        await GivenApplicationAsync();
        var asked = Assert.IsType<AuthorizationOutcome.SignIn>(await BeginAsNobodyAsync(Request()));
        Clock.Advance(AuthorizationRequest.Lifetime);

        Assert.Equal(UntrustedRequest.Over, Assert.IsType<AuthorizationOutcome.Untrusted>(await ResumeAsync(asked.RequestId)).Reason);
    }

    [Fact]
    public async Task PromptNone_NeverShowsAnything()
    {
        await GivenApplicationAsync(client => client.IsFirstParty = false);

        Assert.Equal("login_required", ErrorOf(await BeginAsNobodyAsync(Request(("prompt", "none")))));
        Assert.Equal("consent_required", ErrorOf(await BeginAsync(Request(("prompt", "none")))));
        Assert.Equal("login_required", ErrorOf(await BeginAsync(Request(("prompt", "none"), ("max_age", "10")))));
        Assert.Equal(0, await ReadAsync(data => data.AuthorizationRequests.CountAsync()));
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "59")]
    public async Task FreshSignIn_AskedFor_IsNotSkippedByComingBackWithoutOne(string name, string value)
    {
        await GivenApplicationAsync();
        var asked = Assert.IsType<AuthorizationOutcome.SignIn>(await BeginAsync(Request((name, value))));
        Assert.True(asked.IsFresh);

        Assert.IsType<AuthorizationOutcome.SignIn>(await ResumeAsync(asked.RequestId));

        Clock.Advance(TimeSpan.FromSeconds(5));
        SessionId = await SignedInAsync();
        var tokens = Issued(await RedeemAsync(CodeOf(await ResumeAsync(asked.RequestId))));
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), PayloadOf(tokens.IdToken!).GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task MaxAge_ThatIsKept_AsksNothing()
    {
        await GivenApplicationAsync();

        Assert.NotEmpty(await GetCodeAsync(("max_age", "61")));
    }

    [Fact]
    public async Task SelectAccount_IsShownOnce()
    {
        await GivenApplicationAsync();

        var asked = Assert.IsType<AuthorizationOutcome.SelectAccount>(await BeginAsync(Request(("prompt", "select_account"))));

        Assert.NotEmpty(CodeOf(await ResumeAsync(asked.RequestId)));
    }

    [Fact]
    public async Task Acr_AsAWish_IsTriedForOnceAndAsAConditionIsKept()
    {
        await GivenApplicationAsync();
        var wish = Assert.IsType<AuthorizationOutcome.SignIn>(await BeginAsync(Request(("acr_values", Assurance.MultiFactor))));
        var condition = Assert.IsType<AuthorizationOutcome.SignIn>(await BeginAsync(Request(
            ("claims", $$$$"""{"id_token":{"acr":{"essential":true,"values":["{{{{Assurance.MultiFactor}}}}"]}}}"""))));
        Clock.Advance(TimeSpan.FromSeconds(5));
        SessionId = await SignedInAsync();

        Assert.NotEmpty(CodeOf(await ResumeAsync(wish.RequestId)));
        Assert.Equal("unmet_authentication_requirements", ErrorOf(await ResumeAsync(condition.RequestId)));
    }

    [Fact]
    public async Task Hint_OfAnotherPersonClientTenantOrMaker_IsNotFollowed()
    {
        await GivenApplicationAsync();
        var own = (await GetTokensAsync()).IdToken!;
        var other = await AddClientAsync("other");
        var foreign = Issued(await RedeemAsync(await GetCodeAsync(("client_id", "other")), client: other)).IdToken!;
        var parts = own.Split('.');
        var unsigned = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + ".";

        Assert.NotEmpty(await GetCodeAsync(("id_token_hint", own), ("prompt", "none")));
        foreach (var bad in (string[])[foreign, unsigned, parts[0] + "." + parts[1] + ".AAAA", (await GetTokensAsync()).AccessToken])
        {
            Assert.Equal("invalid_request", ErrorOf(await BeginAsync(Request(("id_token_hint", bad)))));
        }

        Clock.Advance(TimeSpan.FromMinutes(40));
        Assert.NotEmpty(await GetCodeAsync(("id_token_hint", own)));
        var somebody = await Host.CreateUserAsync(Tenant, "grace@acme.example", RightPassword);
        Assert.Equal("login_required", ErrorOf(await BeginAsync(Request(
            ("prompt", "none"), ("claims", $$$$"""{"id_token":{"sub":{"value":"{{{{somebody.Id}}}}"}}}""")))));
    }

    [Fact]
    public async Task Consent_OfAForeignApplication_IsAskedOnceAndForMoreAgain()
    {
        await GivenApplicationAsync(client => client.IsFirstParty = false);
        var consents = Host.Services.GetRequiredService<Consents>();
        var asked = Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request(("scope", "openid email"))));
        Assert.IsType<AuthorizationOutcome.Consent>(await ResumeAsync(asked.RequestId));
        Assert.IsType<ConsentResult.Over>(
            await consents.ShowAsync(Tenant.Id, SessionId, asked.RequestId, "another browser", CancellationToken.None));

        var shown = Assert.IsType<ConsentResult.Asked>(await consents.AnswerAsync(
            Tenant.Id, SessionId, asked.RequestId, Binding, agrees: true, Browser.Facts, CancellationToken.None));

        Assert.Equal(["openid", "email"], shown.Question.Scopes);
        Assert.NotEmpty(CodeOf(await ResumeAsync(asked.RequestId)));
        Assert.NotEmpty(await GetCodeAsync(("scope", "openid email")));
        Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request(("scope", "openid email profile"))));
        Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request(("scope", "openid"), ("claims", """{"userinfo":{"name":null}}"""))));
        Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request(("scope", "openid"), ("prompt", "consent"))));
    }

    [Fact]
    public async Task Consent_Declined_IsToldTheApplication()
    {
        await GivenApplicationAsync(client => client.IsFirstParty = false);
        var asked = Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request()));

        await Host.Services.GetRequiredService<Consents>().AnswerAsync(
            Tenant.Id, SessionId, asked.RequestId, Binding, agrees: false, Browser.Facts, CancellationToken.None);

        Assert.Equal("access_denied", ErrorOf(await ResumeAsync(asked.RequestId)));
        Assert.IsType<AuthorizationOutcome.Consent>(await BeginAsync(Request()));
    }

    [Fact]
    public async Task PushedRequest_WorksOnceForItsClient()
    {
        await GivenApplicationAsync();
        await AddClientAsync("other");
        var pushed = Assert.IsType<PushedRequestResult.Stored>(await PushAsync(Request())).Request;

        Assert.IsType<AuthorizationOutcome.Untrusted>(await BeginAsync(Parameters(("client_id", "other"), ("request_uri", pushed.RequestUri))));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            BeginAsync(Parameters(("client_id", "app"), ("request_uri", pushed.RequestUri)))));

        Assert.NotEmpty(CodeOf(Assert.Single(outcomes, outcome => outcome is AuthorizationOutcome.Reply)));

        var late = Assert.IsType<PushedRequestResult.Stored>(await PushAsync(Request())).Request;
        Clock.Advance(AuthorizationRequest.PushedLifetime);
        Assert.IsType<AuthorizationOutcome.Untrusted>(await BeginAsync(Parameters(("client_id", "app"), ("request_uri", late.RequestUri))));
    }

    [Fact]
    public async Task PushedRequest_ThatIsWrong_IsRefusedAtOnce()
    {
        await GivenApplicationAsync();

        foreach (var (name, value, error) in ((string, string?, string)[])
        [
            ("redirect_uri", "https://evil.example/", "invalid_request"),
            ("client_id", "other", "invalid_request"),
            ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
            ("code_challenge", null, "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
        ])
        {
            Assert.Equal(error, Assert.IsType<PushedRequestResult.Refused>(await PushAsync(Request((name, value)))).Error.Code);
        }
    }

    private Task<PushedRequestResult> PushAsync(RequestParameters request) =>
        UseAsync((Authorizations service) => service.PushAsync(Client, request, CancellationToken.None));
}
