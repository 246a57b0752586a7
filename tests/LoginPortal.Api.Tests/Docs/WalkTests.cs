using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Api.Tests.Docs;

/// <summary>Executes every walk of the documentation as it stands, with curl, and compares each answer with the one that is shown.</summary>
public sealed partial class WalkTests
{
    private const string Mark = "=== answer ";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tenant-auth.md")]
    [InlineData("accounts.md")]
    [InlineData("system-auth.md")]
    [InlineData("user-passport.md")]
    public async Task Walk_Executed_AnswersWhatIsShown(string page)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var factory = new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host => host
            .UseSetting("Database:Provider", nameof(DatabaseProvider.Sqlite))
            .UseSetting("ConnectionStrings:Portal", database.ConnectionString)
            .ConfigureServices(services =>
            {
                services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
                foreach (var work in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is not null).ToList())
                {
                    // The link of the mail is asked for below, and a newer one would end it.
                    if (work.ImplementationFactory!.Method.Module.Assembly == typeof(Outbox).Assembly)
                    {
                        services.Remove(work);
                    }
                }
            }));
        factory.UseKestrel(0);
        factory.StartServer();
        var walk = BlockPattern().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api", page), Cancellation));

        var answers = await ExecuteAsync(
            factory.ClientOptions.BaseAddress, walk, await MailedTokenAsync(factory.Services), await RegisteredTokenAsync(factory.Services));

        var shown = walk.Where(block => block.Groups["kind"].Value == "json").Select(block => block.Groups["text"].Value).ToList();
        Assert.NotEmpty(shown);
        Assert.Equal(shown.Count, answers.Count);
        foreach (var (expected, actual) in shown.Zip(answers))
        {
            AssertSameShape(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement, actual);
        }
    }

    [GeneratedRegex("^```(?<kind>sh|json)\\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlockPattern();

    /// <summary>Runs the blocks in one shell. What a block prints is an answer where one is shown below it.</summary>
    private static async Task<List<string>> ExecuteAsync(Uri address, MatchCollection walk, string resetToken, string verifyToken)
    {
        var script = new StringBuilder("set -euo pipefail\nfield() { sed -E \"s/.*\\\"$1\\\":\\\"([^\\\"]*)\\\".*/\\1/\"; }\n");
        foreach (var block in walk.AsEnumerable())
        {
            script.Append(block.Groups["kind"].Value == "sh" ? block.Groups["text"].Value : $"echo; echo '{Mark}'\n");
        }

        using var shell = Process.Start(new ProcessStartInfo("bash", "-s")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["API"] = address.ToString().TrimEnd('/'), ["RESET_TOKEN"] = resetToken, ["VERIFY_TOKEN"] = verifyToken },
        })!;
        await shell.StandardInput.WriteAsync(script.ToString());
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await shell.StandardError.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, output + errors);
        return [.. output.Split(Mark)[..^1].Select(text => text.Trim())];
    }

    private static async Task<string> MailedTokenAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var acme = (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync("acme", Cancellation))!;
        await services.GetRequiredService<PasswordRecovery>().RequestAsync(acme.Id, "admin@acme.example", RequestFacts.Portal, Cancellation);
        await services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation);
        return Assert.Single(await services.ReadMailsAsync("admin@acme.example")).Token;
    }

    /// <summary>The link of an account that was asked for before; asking for it once more is answered as the first time.</summary>
    private static async Task<string> RegisteredTokenAsync(IServiceProvider services)
    {
        const string address = "new@people.example";
        await using var scope = services.CreateAsyncScope();
        var acme = (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync("acme", Cancellation))!;
        await services.GetRequiredService<AccountRegistration>().RegisterAsync(
            acme.Id,
            ApiSignIn.BindingOf("tenant_auth"),
            returnUrl: null,
            new RegistrationForm { Address = address, Password = "green-boats-under-the-bridge", GivenName = "Nina", FamilyName = "New" },
            RequestFacts.Portal,
            Cancellation);
        await services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation);
        return Assert.Single(await services.ReadMailsAsync(address)).Token;
    }

    /// <summary>The same members with values of the same kind; an ellipsis stands for any text.</summary>
    private static void AssertSameShape(JsonElement expected, JsonElement actual, string whole)
    {
        Assert.True(expected.ValueKind == actual.ValueKind, whole);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(member => member.Name), actual.EnumerateObject().Select(member => member.Name));
                foreach (var member in expected.EnumerateObject())
                {
                    AssertSameShape(member.Value, actual.GetProperty(member.Name), whole);
                }

                break;
            case JsonValueKind.Array when expected.GetArrayLength() > 0:
                Assert.True(actual.GetArrayLength() > 0, whole);
                AssertSameShape(expected[0], actual[0], whole);
                break;
            case JsonValueKind.String when expected.GetString() != "…":
                Assert.Equal(expected.GetString(), actual.GetString());
                break;
        }
    }
}
