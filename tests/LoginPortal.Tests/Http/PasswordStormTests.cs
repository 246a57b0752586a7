using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Tests.Http;

/// <summary>A storm of guesses through two nodes at once.</summary>
public sealed class PasswordStormTests() : PortalTests(
    Environment.GetEnvironmentVariable("LOGINPORTAL_TEST_POSTGRESQL") is { Length: > 0 } ? DatabaseProvider.PostgreSql : DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task WrongPassword_TwoHundredAtOnceOverTwoNodes_AreEvaluatedFiveTimesAtMost()
    {
        var hasher = new CountingPasswordHasher(
            new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })));
        var settings = new PortalSettings { Services = services => services.AddSingleton<IPasswordHasher<PortalUser>>(hasher) };
        var nodes = new[] { Start(settings), Start(settings) };
        var browsers = Enumerable.Range(0, 200).Select(n => nodes[n % 2].OpenBrowser()).ToList();
        var forms = new List<FormPost>();
        foreach (var browser in browsers)
        {
            forms.Add((await browser.IdentifyAsync("acme", "user@acme.example")).Form("password"));
        }

        var pages = await Task.WhenAll(browsers.Select((browser, n) =>
            Task.Run(() => browser.PostAsync(forms[n].With("password", $"wrong-but-long-enough-{n}")))));

        Assert.InRange(hasher.Verifications, 1, AttemptReservations.FreeAttempts);
        Assert.Equal(hasher.Verifications, pages.Count(page => page.Text("#password-problem").StartsWith("Address and password", StringComparison.Ordinal)));
        Assert.Equal(200 - hasher.Verifications, pages.Count(page => page.Text("#password-problem").StartsWith("Too many tries", StringComparison.Ordinal)));
        await nodes[0].InTenantAsync("acme", async database => Assert.Equal(
            hasher.Verifications, (await database.AttemptCounters.AsNoTracking().SingleAsync()).Failures));
        browsers.ForEach(browser => browser.Dispose());
    }
}
