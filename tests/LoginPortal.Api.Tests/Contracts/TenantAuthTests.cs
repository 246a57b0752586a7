using System.Net;
using System.Text.RegularExpressions;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Contracts;

public sealed class TenantAuthTests(ApiFixture api) : ContractTestBase(api), IClassFixture<ApiFixture>
{
    private const string Base = "/api/v1/auth/tenants/acme/";

    [Fact]
    public async Task Login_Success_HasEveryFieldAndNullsWhereThereIsNoValue()
    {
        var user = await GivenAsync();

        var (status, json) = await PostAsync(Base + "login", new { email = Address, password = Password });

        Assert.Equal(HttpStatusCode.OK, status);
        var data = json.GetProperty("data");
        Assert.Equal("success", Text(data, "status"));
        Assert.Equal(user.Id.ToString(), Text(data, "user_id"));
        Assert.Equal("mfa_token available_methods default_method redirect_uri", NullsOf(data));
        Assert.Equal(900, data.GetProperty("expires_in").GetInt32());
    }

    [Fact]
    public async Task Validation_EverythingWrong_IsSaidAtOnceWithItsPlace()
    {
        var (status, json) = await PostAsync(Base + "login", new { email = "no address", remember_me = "yes" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(
            ["body.email value_error", "body.password missing", "body.remember_me bool_type"],
            json.GetProperty("detail").EnumerateArray().Select(entry =>
                $"{string.Join('.', entry.GetProperty("loc").EnumerateArray().Select(place => place.GetString()))} {Text(entry, "type")}"));
    }

    [Fact]
    public async Task Refresh_UnderAnotherSlug_SaysWhetherThereIsSuchATenantAndSpendsNothing()
    {
        const string others = "/api/v1/auth/tenants/";
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var good = new { refresh_token = Text(login.GetProperty("data"), "refresh_token") };

        var (nobody, unknown) = await PostAsync($"{others}no-such-tenant/token/refresh", good);
        var (malformed, _) = await PostAsync($"{others}no-such-tenant/token/refresh", new { });
        var (other, refused) = await PostAsync($"{others}globex/token/refresh", good);
        var (incomplete, _) = await PostAsync($"{others}globex/token/refresh", new { });
        var (own, _) = await PostAsync(Base + "token/refresh", good);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK),
            (nobody, malformed, other, incomplete, own));
        Assert.Equal("tenant_not_found", Text(unknown.GetProperty("error"), "code"));
        Assert.Equal("refresh_token_invalid", Text(refused.GetProperty("error"), "code"));
    }

    [Fact]
    public async Task EmailCode_AskedFor_IsMailedAndSignsIn()
    {
        var user = await GivenAsync();
        await AddAuthenticatorAsync(user);
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var data = login.GetProperty("data");
        Assert.Equal(["totp", "email"], data.GetProperty("available_methods").EnumerateArray().Select(method => method.GetString()));
        var token = Text(data, "mfa_token");

        var (missing, _) = await SendAsync(HttpMethod.Post, Base + "mfa/email/send");
        var (stranger, _) = await SendAsync(HttpMethod.Post, $"{Base}mfa/email/send?mfa_token={token}&user_id={Guid.NewGuid()}");
        var (status, sent) = await SendAsync(HttpMethod.Post, $"{Base}mfa/email/send?mfa_token={token}&user_id={user.Id}");
        var (again, _) = await SendAsync(HttpMethod.Post, $"{Base}mfa/email/send?mfa_token={token}&user_id={user.Id}");

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.TooManyRequests),
            (missing, stranger, status, again));
        Assert.Equal(600, sent.GetProperty("data").GetProperty("expires_in").GetInt32());
        var mail = Assert.Single(await Api.Core.Services.ReadMailsAsync(Address));
        var code = Regex.Match(mail.Text, "\\d{6}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        var (_, verified) = await PostAsync(Base + "mfa/verify", new { mfa_token = token, user_id = user.Id, method = "email", code });
        Assert.Equal("success", Text(verified.GetProperty("data"), "status"));
    }

    [Fact]
    public async Task TrustedDevice_GivenBack_StandsInForTheSecondFactorAlone()
    {
        var seed = await AddAuthenticatorAsync(await GivenAsync());
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var (_, verified) = await PostAsync(
            Base + "mfa/verify", new { mfa_token = Text(login.GetProperty("data"), "mfa_token"), method = "totp", code = CodeOf(seed), trust_device = true });
        var device = Text(verified.GetProperty("data"), "trusted_device_token");

        var (_, exempt) = await PostAsync(Base + "login", new { email = Address, password = Password, trusted_device_token = device });
        var (wrong, _) = await PostAsync(Base + "login", new { email = Address, password = OtherPassword, trusted_device_token = device });

        Assert.Equal("success", Text(exempt.GetProperty("data"), "status"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong);
    }

    [Fact]
    public async Task Mfa_MethodsThatAreNotThere_AreRefusedInTheContractsWay()
    {
        var user = await GivenAsync();
        await AddAuthenticatorAsync(user);
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "mfa_token");

        var (unknown, _) = await PostAsync(Base + "mfa/verify", new { mfa_token = token, method = "sms", code = "1" });
        var (_, rejected) = await PostAsync(Base + "mfa/verify", new { mfa_token = token, method = "webauthn", credential = new { id = "x" } });
        var (webauthn, error) = await SendAsync(HttpMethod.Post, $"{Base}mfa/webauthn/begin?mfa_token={token}&user_id={user.Id}");
        var (register, disabled) = await PostAsync("/api/v1/auth/tenants/globex/register", new { email = "new@people.example", password = Password, first_name = "N", last_name = "N" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown);
        Assert.Equal("assertion_rejected", Text(rejected.GetProperty("data"), "error"));
        Assert.Equal((HttpStatusCode.Forbidden, "method_unavailable"), (webauthn, Text(error.GetProperty("error"), "code")));
        Assert.Equal((HttpStatusCode.Forbidden, "registration_disabled"), (register, Text(disabled.GetProperty("error"), "code")));
    }

    [Fact]
    public async Task Password_Forgotten_IsReplacedByTheMailedTokenAndEndsEverySession()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        foreach (var path in (string[])["forgot-password", "password/forgot"])
        {
            var (known, first) = await PostAsync(Base + path, new { email = Address });
            var (unknown, second) = await PostAsync(Base + path, new { email = $"nobody-{Address}" });
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (known, unknown));
            Assert.Equal(first.GetProperty("data").GetRawText(), second.GetProperty("data").GetRawText());
            await Api.Core.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation);
            Api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var (uri, _) = await PostAsync(Base + "forgot-password", new { email = Address, redirect_uri = "https://evil.example/" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, uri);
        var token = (await Api.Core.Services.ReadMailsAsync(Address))[^1].Token;

        var (weak, problems) = await PostAsync(Base + "password/reset", new { token, new_password = "short" });
        var (done, _) = await PostAsync(Base + "password/reset", new { token, new_password = OtherPassword });
        var (twice, error) = await PostAsync(Base + "password/reset", new { token, new_password = Password });

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, HttpStatusCode.BadRequest), (weak, done, twice));
        Assert.Equal("password_too_short", Text(problems.GetProperty("detail")[0], "type"));
        Assert.Equal("token_invalid", Text(error.GetProperty("error"), "code"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: Text(login.GetProperty("data"), "access_token"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Base + "login", new { email = Address, password = OtherPassword })).Status);
    }

    [Fact]
    public async Task VerifyEmail_FollowedTwice_SaysSoTwice()
    {
        await GivenAsync(configure: user => user.EmailConfirmed = false);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(Base + "login", new { email = Address, password = Password })).Status);
        var token = Assert.Single(await Api.Core.Services.ReadMailsAsync(Address)).Token;

        var (first, verified) = await SendAsync(HttpMethod.Get, $"{Base}verify-email?token={token}");
        var (second, _) = await SendAsync(HttpMethod.Get, $"{Base}verify-email?token={token}");
        var (elsewhere, _) = await SendAsync(HttpMethod.Get, $"/api/v1/auth/tenants/globex/verify-email?token={token}");
        var (missing, _) = await SendAsync(HttpMethod.Get, Base + "verify-email");

        Assert.Equal("verified", Text(verified.GetProperty("data"), "status"));
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), (first, second, elsewhere, missing));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Base + "login", new { email = Address, password = Password })).Status);
    }

    [Fact]
    public async Task Me_SessionsAndNames_AreThePersonsOwn()
    {
        await GivenAsync();
        var (_, first) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var (_, second) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(first.GetProperty("data"), "access_token");

        var (_, changed) = await SendAsync(HttpMethod.Patch, "/api/v1/me", new { first_name = " Ada ", locale = "de" }, token);
        var (bad, _) = await SendAsync(HttpMethod.Patch, "/api/v1/me", new { first_name = new string('a', 101), locale = "xx" }, token);
        var (_, sessions) = await SendAsync(HttpMethod.Get, "/api/v1/me/sessions", token: token);
        var (ended, _) = await SendAsync(HttpMethod.Delete, "/api/v1/me/sessions", token: token);
        var (unknown, _) = await SendAsync(HttpMethod.Delete, $"/api/v1/me/sessions/{Guid.NewGuid()}", token: token);

        Assert.Equal(("Ada", "de"), (Text(changed.GetProperty("data"), "first_name"), Text(changed.GetProperty("data"), "locale")));
        Assert.Equal(2, sessions.GetProperty("data").GetArrayLength());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, HttpStatusCode.NotFound), (bad, ended, unknown));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: token)).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await SendAsync(HttpMethod.Get, "/api/v1/me", token: Text(second.GetProperty("data"), "access_token"))).Status);
    }

    [Fact]
    public async Task Me_Email_GoesOnInTheNewMailboxAndNeedsAFreshSignIn()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "access_token");
        var taken = await Api.Core.CreateUserAsync(await FindTenantAsync("acme"), $"taken-{Address}", Password);

        var (free, first) = await PostAsync("/api/v1/me/email", new { email = $"new-{Address}" }, token);
        var (used, second) = await PostAsync("/api/v1/me/email", new { email = taken.Email }, token);
        var (same, _) = await PostAsync("/api/v1/me/email", new { email = Address.ToUpperInvariant() }, token);
        var (malformed, _) = await PostAsync("/api/v1/me/email", new { email = "nowhere" }, token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (free, used));
        Assert.Equal(first.GetProperty("data").GetRawText(), second.GetProperty("data").GetRawText());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (same, malformed));

        await Api.Core.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation);
        var mail = Assert.Single(await Api.Core.Services.ReadMailsAsync($"new-{Address}"));
        Assert.Contains("confirm-new-address", mail.Text, StringComparison.Ordinal);
        Assert.Equal(Address, Text((await SendAsync(HttpMethod.Get, "/api/v1/me", token: token)).Json.GetProperty("data"), "email"));

        Api.Clock.Advance(TimeSpan.FromMinutes(14));
        var (_, next) = await PostAsync(Base + "token/refresh", new { refresh_token = Text(login.GetProperty("data"), "refresh_token") });
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        var (stale, error) = await PostAsync("/api/v1/me/email", new { email = $"third-{Address}" }, Text(next.GetProperty("data"), "access_token"));
        Assert.Equal((HttpStatusCode.Forbidden, "sign_in_required"), (stale, Text(error.GetProperty("error"), "code")));
    }

    [Fact]
    public async Task Me_Export_GivesWhatIsHeldAfterAFreshSignIn()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "access_token");

        var (status, export) = await SendAsync(HttpMethod.Get, "/api/v1/me/export", token: token);
        Api.Clock.Advance(TimeSpan.FromMinutes(14));
        var (_, again) = await PostAsync(Base + "token/refresh", new { refresh_token = Text(login.GetProperty("data"), "refresh_token") });
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        var (stale, error) = await SendAsync(HttpMethod.Get, "/api/v1/me/export", token: Text(again.GetProperty("data"), "access_token"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (status, stale));
        Assert.Equal("data meta", NamesOf(export));
        Assert.Equal(Address, Text(export.GetProperty("data").GetProperty("account"), "email"));
        Assert.Equal("sign_in", Text(export.GetProperty("data").GetProperty("security_events")[0], "kind"));
        Assert.Equal("sign_in_required", Text(error.GetProperty("error"), "code"));
    }

    [Fact]
    public async Task Me_Deleted_IsClosedAtOnceAndToldByMail()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "access_token");

        var (status, scheduled) = await SendAsync(HttpMethod.Delete, "/api/v1/me", token: token);
        var (over, _) = await SendAsync(HttpMethod.Delete, "/api/v1/me", token: token);
        var (closed, _) = await PostAsync(Base + "login", new { email = Address, password = Password });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (status, over, closed));
        Assert.Equal("scheduled", Text(scheduled.GetProperty("data"), "status"));
        Assert.Equal(Api.Clock.GetUtcNow() + AccountErasure.Grace, scheduled.GetProperty("data").GetProperty("erased_from").GetDateTimeOffset());
        Assert.Equal("undo-account-erasure", Assert.Single(await Api.Core.Services.ReadMailsAsync(Address)).Link.Segments[^1]);
    }

    [Fact]
    public async Task Me_Password_NeedsThePresentOneAndEndsEveryOtherSession()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var (_, other) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "access_token");

        var (wrong, _) = await PostAsync("/api/v1/me/password", new { current_password = OtherPassword, new_password = OtherPassword }, token);
        var (weak, _) = await PostAsync("/api/v1/me/password", new { current_password = Password, new_password = "short" }, token);
        var (same, _) = await PostAsync("/api/v1/me/password", new { current_password = Password, new_password = Password }, token);
        var (done, _) = await PostAsync("/api/v1/me/password", new { current_password = Password, new_password = OtherPassword }, token);

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK),
            (wrong, weak, same, done));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: token)).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await SendAsync(HttpMethod.Get, "/api/v1/me", token: Text(other.GetProperty("data"), "access_token"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Base + "login", new { email = Address, password = OtherPassword })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Base + "login", new { email = Address, password = Password })).Status);
    }

    [Fact]
    public async Task Logout_UnderAnotherTenantsAddress_IsRefused()
    {
        await GivenAsync();
        var (_, login) = await PostAsync(Base + "login", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "access_token");

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Post, "/api/v1/auth/tenants/globex/logout", token: token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: token)).Status);
    }
}
