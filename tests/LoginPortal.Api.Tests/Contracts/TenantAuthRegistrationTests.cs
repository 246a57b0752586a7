using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Contracts;

public sealed class TenantAuthRegistrationSqliteTests(ApiFixture api) : TenantAuthRegistrationTests(api), IClassFixture<ApiFixture>;

public sealed class TenantAuthRegistrationPostgreSqlTests(PostgreSqlApiFixture api) : TenantAuthRegistrationTests(api), IClassFixture<PostgreSqlApiFixture>;

/// <summary>Opening an account by the one contract that lets clients do so.</summary>
public abstract class TenantAuthRegistrationTests(ApiHostFixture api) : ContractTestBase(api)
{
    [Fact]
    public async Task Register_NewAddress_IsMailedALinkAndSignsInOnceItWasFollowed()
    {
        var tenant = await OpenTenantAsync();

        var (status, json) = await RegisterAsync(tenant);

        Assert.Equal((HttpStatusCode.OK, "verification_required"), (status, Text(json.GetProperty("data"), "status")));
        await AnswerAsync();
        var mail = Assert.Single(await Api.Core.Services.ReadMailsAsync(Address));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, $"{BaseOf(tenant)}verify-email?token={mail.Token}")).Status);
        var (_, login) = await PostAsync(BaseOf(tenant) + "login", new { email = Address, password = Password });
        Assert.Equal(Text(json.GetProperty("data"), "user_id"), Text(login.GetProperty("data"), "user_id"));
    }

    [Fact]
    public async Task Register_AddressWithAnAccount_IsTheSameAnswerAndTellsItsOwner()
    {
        var tenant = await OpenTenantAsync();
        await GivenAsync(tenant);

        var (known, first) = await RegisterAsync(tenant, OtherPassword);
        var (unknown, second) = await RegisterAsync(tenant, OtherPassword, address: $"new-{Address}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (known, unknown));
        Assert.Equal(WithoutId(first), WithoutId(second));
        await AnswerAsync();
        Assert.DoesNotContain("verify-address", Assert.Single(await Api.Core.Services.ReadMailsAsync(Address)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(BaseOf(tenant) + "login", new { email = Address, password = OtherPassword })).Status);
    }

    [Fact]
    public async Task Register_EverythingWrong_IsSaidAtOnceWithItsPlace()
    {
        var tenant = await OpenTenantAsync(registration => registration with
        {
            Captcha = CaptchaKind.Off, AllowedDomains = ["corp.example"], TermsVersion = "1", Names = FieldRequirement.Required,
        });

        var (status, json) = await RegisterAsync(tenant, "short", firstName: "", custom: new { team = "x" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(
            ["body.email domain_not_allowed", "body.first_name missing", "body.custom_data value_error", "body.accept_terms missing", "body.password password_too_short"],
            ProblemsOf(json));
    }

    [Fact]
    public async Task Register_CustomData_MustBeFlatAndSmall()
    {
        var tenant = await OpenTenantAsync(registration => registration with { Captcha = CaptchaKind.Off });
        var many = Enumerable.Range(0, 21).ToDictionary(number => $"k{number}", _ => "v", StringComparer.Ordinal);

        foreach (var (custom, kind) in ((object, string)[])[(new { a = new { b = 1 } }, "dict_type"), (many, "too_long"), (new { a = new string('a', 5_000) }, "too_long")])
        {
            var (status, json) = await RegisterAsync(tenant, custom: custom);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Equal([$"body.custom_data {kind}"], ProblemsOf(json));
        }

        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync(tenant, custom: new { team = "blue", unknown = 1 })).Status);
    }

    [Fact]
    public async Task Register_CustomData_IsKeptWhateverTheTenantAsksFor()
    {
        var tenant = await OpenTenantAsync(registration => registration with { Captcha = CaptchaKind.Off });
        await RegisterAsync(tenant, custom: new { team = "blue", size = 12, remote = true, nothing = (string?)null });
        await AnswerAsync();

        await using var scope = Api.Core.OpenTenant(tenant);
        var user = await scope.Database.Users.AsNoTracking().SingleAsync(u => u.Email == Address, Cancellation);
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "blue", ["size"] = "12", ["remote"] = "true" }, user.CustomFields);
    }

    [Theory]
    [InlineData("register", AccountRegistration.RegistrationsAnHour)]
    [InlineData("verify-email/resend", AccountRegistration.RegistrationsAnHour)]
    [InlineData("forgot-password", PasswordRecovery.RequestsAnHour)]
    public async Task Network_ThatAsksTooOften_IsToldToWait(string call, int allowed)
    {
        var tenant = await OpenTenantAsync();
        NetworkAddress = "198.51.100.7";
        for (var number = 0; number < allowed; number++)
        {
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(number)).Status);
        }

        var (status, json) = await CallAsync(allowed);
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts"), (status, Text(json.GetProperty("error"), "code")));
        Assert.InRange(RetryAfter!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));

        NetworkAddress = "198.51.100.8";
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(0)).Status);
        NetworkAddress = "198.51.100.7";
        Api.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(0)).Status);

        Task<(HttpStatusCode Status, JsonElement Json)> CallAsync(int number) => call == "register"
            ? RegisterAsync(tenant, address: $"n{number}-{Address}")
            : PostAsync(BaseOf(tenant) + call, new { email = $"n{number}-{Address}" });
    }

    [Fact]
    public async Task Register_ProofOfWork_IsAskedForAndGoodOnce()
    {
        var tenant = await OpenTenantAsync(registration => registration with { Captcha = CaptchaKind.ProofOfWork });
        var (_, branding) = await SendAsync(HttpMethod.Get, BaseOf(tenant) + "branding");
        var proof = Solve(Text(branding.GetProperty("data").GetProperty("captcha"), "challenge")!);

        var (_, without) = await RegisterAsync(tenant);
        var (_, wrong) = await RegisterAsync(tenant, captcha: "x:1");
        var (status, _) = await RegisterAsync(tenant, captcha: proof);
        var (_, again) = await RegisterAsync(tenant, captcha: proof);

        Assert.Equal(["body.captcha_token missing"], ProblemsOf(without));
        Assert.Equal(["body.captcha_token captcha_failed"], ProblemsOf(wrong));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["body.captcha_token captcha_failed"], ProblemsOf(again));
    }

    [Fact]
    public async Task Register_AtATenantThatIsClosed_IsRefused()
    {
        var (status, json) = await RegisterAsync(await OpenTenantAsync(registration => registration with { IsOpen = false }));

        Assert.Equal((HttpStatusCode.Forbidden, "registration_disabled"), (status, Text(json.GetProperty("error"), "code")));
    }

    [Fact]
    public async Task Resend_ForAnAccountThatWaits_MailsItAloneAndAnswersAllAlike()
    {
        var tenant = await OpenTenantAsync();
        var confirmed = await Api.Core.CreateUserAsync(tenant, $"confirmed-{Address}", Password);
        await RegisterAsync(tenant);
        await AnswerAsync();
        Api.Clock.Advance(TimeSpan.FromMinutes(1));

        List<string> answers = [];
        foreach (var address in (string[])[Address, confirmed.Email!, $"nobody-{Address}"])
        {
            var (status, json) = await PostAsync(BaseOf(tenant) + "verify-email/resend", new { email = address });
            Assert.Equal(HttpStatusCode.OK, status);
            answers.Add(json.GetProperty("data").GetRawText());
        }

        await AnswerAsync();
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Empty(await Api.Core.Services.ReadMailsAsync(confirmed.Email!));
        var mails = await Api.Core.Services.ReadMailsAsync(Address);
        Assert.Equal(2, mails.Count);
        var (reset, _) = await PostAsync(BaseOf(tenant) + "password/reset", new { token = mails[^1].Token, new_password = OtherPassword });
        Assert.Equal(HttpStatusCode.OK, reset);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(BaseOf(tenant) + "login", new { email = Address, password = OtherPassword })).Status);
    }

    private static string BaseOf(TenantProfile tenant) => $"/api/v1/auth/tenants/{tenant.Slug}/";

    private Task<(HttpStatusCode Status, JsonElement Json)> RegisterAsync(
        TenantProfile tenant, string password = Password, string? address = null, string firstName = "Ada", object? custom = null, string? captcha = null) =>
        PostAsync(BaseOf(tenant) + "register", new
        {
            email = address ?? Address, password, first_name = firstName, last_name = "Lovelace", custom_data = custom, captcha_token = captcha,
        });

    private async Task AnswerAsync()
    {
        while (await Api.Core.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation) > 0)
        {
        }
    }

    private Task<TenantProfile> OpenTenantAsync(Func<RegistrationPolicy, RegistrationPolicy>? change = null) => Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], new TenantPolicy
    {
        CustomFields = [new CustomField("team", CustomFieldKind.Choice) { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "Team" }, Choices = ["blue"] }],
        Registration = (change ?? (registration => registration))(new RegistrationPolicy { IsOpen = true, Captcha = CaptchaKind.Off }),
    });

    private static string WithoutId(JsonElement json) =>
        json.GetProperty("data").GetRawText().Replace(Text(json.GetProperty("data"), "user_id")!, "", StringComparison.Ordinal);

    private static IEnumerable<string> ProblemsOf(JsonElement json) => json.GetProperty("detail").EnumerateArray().Select(entry =>
        $"{string.Join('.', entry.GetProperty("loc").EnumerateArray().Select(place => place.GetString()))} {Text(entry, "type")}");

    private static string Solve(string challenge)
    {
        for (var number = 0L; ; number++)
        {
            var answer = string.Create(CultureInfo.InvariantCulture, $"{challenge}:{number}");
            var hash = SHA256.HashData(Encoding.ASCII.GetBytes(answer));
            if (hash[0] == 0 && hash[1] < 2)
            {
                return answer;
            }
        }
    }
}
