using System.Net;
using System.Net.Sockets;
using LoginPortal.Core.Captcha;
using LoginPortal.Core.Data;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Tests.Registration;

public sealed class CaptchaSqliteTests() : CaptchaTests(DatabaseProvider.Sqlite);

public sealed class CaptchaPostgreSqlTests() : CaptchaTests(DatabaseProvider.PostgreSql);

public abstract class CaptchaTests(DatabaseProvider provider) : RegistrationTestBase(provider)
{
    [Fact]
    public async Task ProofOfWork_Solved_WorksOnce()
    {
        await GivenAsync(With(CaptchaKind.ProofOfWork));
        var answer = Solve(Challenge());

        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form with { CaptchaResponse = answer }));
        Assert.IsType<RegistrationResult.CaptchaFailed>(await RegisterAsync(Form with { CaptchaResponse = answer }));
    }

    [Fact]
    public async Task ProofOfWork_SolvedOnceAndSentToTwoNodesAtOnce_WorksOnce()
    {
        await GivenAsync(With(CaptchaKind.ProofOfWork));
        var answer = Solve(Challenge());
        var nodes = new[] { Host, AddHost(), Host, AddHost() };

        var results = await Task.WhenAll(nodes.Select(node => Task.Run(() => RegisterAsync(Form with { CaptchaResponse = answer }, host: node))));

        Assert.Single(results.OfType<RegistrationResult.MailSent>());
    }

    [Fact]
    public async Task ProofOfWork_OfAnotherTenantTooOldOrMadeUp_IsRefused()
    {
        await GivenAsync(With(CaptchaKind.ProofOfWork));
        var other = await Host.CreateTenantAsync("globex", With(CaptchaKind.ProofOfWork));
        var challenge = Challenge();
        var foreign = Solve(Host.Services.GetRequiredService<AccountRegistration>().CreateChallenge(other)!);
        var old = Solve(challenge);

        foreach (var response in (string[])[foreign, Solve("made-up"), $"{challenge}:", challenge, ":", "x:1", $"{challenge}:-1", new string('a', 5000), $"{challenge}:1\u0000"])
        {
            Assert.IsType<RegistrationResult.CaptchaFailed>(await RegisterAsync(Form with { CaptchaResponse = response }));
        }

        Clock.Advance(ProofOfWork.Lifetime);
        Assert.IsType<RegistrationResult.CaptchaFailed>(await RegisterAsync(Form with { CaptchaResponse = old }));
    }

    [Fact]
    public async Task ProofOfWork_Missing_WorksSeldomFromOneNetwork()
    {
        await GivenAsync(With(CaptchaKind.ProofOfWork));
        for (var account = 0; account < AccountRegistration.UnprovedRegistrationsAnHour; account++)
        {
            Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form with { Address = $"p{account}@hopper.example" }));
        }

        Assert.IsType<RegistrationResult.Throttled>(await RegisterAsync(Form));
        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form with { CaptchaResponse = Solve(Challenge()) }));
    }

    [Theory]
    [InlineData(CaptchaKind.Turnstile, "Turnstile")]
    [InlineData(CaptchaKind.HCaptcha, "HCaptcha")]
    public async Task Service_IsAskedWithTheSecretAndBelieved(CaptchaKind kind, string section)
    {
        await using var service = await FakeService.StartAsync();
        await GivenAsync(With(kind));
        await using var host = HostWith(section, service.Address);

        Assert.Equal("site", host.Services.GetRequiredService<AccountRegistration>().CreateChallenge(Tenant));
        Assert.IsType<RegistrationResult.CaptchaFailed>(await RegisterAsync(Form, host: host));
        Assert.IsType<RegistrationResult.CaptchaFailed>(await RegisterAsync(Form with { CaptchaResponse = "wrong" }, host: host));
        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form with { CaptchaResponse = "right" }, host: host));
        Assert.Equal(["secret|wrong|203.0.113.7|site", "secret|right|203.0.113.7|site"], service.Asked);
    }

    [Theory]
    [InlineData("html")]
    [InlineData("error")]
    public async Task Service_ThatAnswersNonsense_LetsNobodyInAndSaysSo(string response)
    {
        await using var service = await FakeService.StartAsync();
        await GivenAsync(With(CaptchaKind.Turnstile));
        await using var host = HostWith("Turnstile", service.Address);

        Assert.IsType<RegistrationResult.Busy>(await RegisterAsync(Form with { CaptchaResponse = response }, host: host));
    }

    [Fact]
    public async Task Service_ThatIsAwayOrNotConfigured_LetsNobodyIn()
    {
        await GivenAsync(With(CaptchaKind.Turnstile));
        Assert.IsType<RegistrationResult.Busy>(await RegisterAsync(Form with { CaptchaResponse = "right" }));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        await using var host = HostWith("Turnstile", closed);
        Assert.IsType<RegistrationResult.Busy>(await RegisterAsync(Form with { CaptchaResponse = "right" }, host: host));
    }

    private static TenantPolicy With(CaptchaKind kind) => Open with { Registration = Open.Registration with { Captcha = kind } };

    private string Challenge() => Host.Services.GetRequiredService<AccountRegistration>().CreateChallenge(Tenant)!;

    private CoreHost HostWith(string section, Uri address) => new(Database, Clock, builder => builder.Configuration.AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            [$"Captcha:{section}:SiteKey"] = "site",
            [$"Captcha:{section}:SecretKey"] = "secret",
            [$"Captcha:{section}:VerificationAddress"] = address.ToString(),
        }));

    /// <summary>A captcha service that believes one word.</summary>
    private sealed class FakeService(WebApplication application, List<string> asked) : IAsyncDisposable
    {
        public IReadOnlyList<string> Asked => asked;

        public Uri Address => new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        public static async Task<FakeService> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var application = builder.Build();
            application.Urls.Add("http://127.0.0.1:0");
            List<string> asked = [];
            application.MapPost("/", async (HttpRequest request) =>
            {
                var form = await request.ReadFormAsync();
                asked.Add($"{form["secret"]}|{form["response"]}|{form["remoteip"]}|{form["sitekey"]}");
                return form["response"].ToString() switch
                {
                    "html" => Results.Content("<p>maintenance</p>", "text/html"),
                    "error" => Results.StatusCode(500),
                    var response => Results.Json(new { success = response == "right" }),
                };
            });
            await application.StartAsync();
            return new FakeService(application, asked);
        }

        public ValueTask DisposeAsync() => application.DisposeAsync();
    }
}
