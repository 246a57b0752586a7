using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Http;

/// <summary>The portal's process is killed while people change their passwords: what they were told is done stays done, and nothing is half done.</summary>
public abstract class SuddenDeathTests(DatabaseProvider provider) : PortalTests(provider)
{
    private const string NewPassword = "nine-herons-paint-a-barn";
    private const int People = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Kill_AfterSomeAnswers_LosesNothingThatWasAnswered(int answers)
    {
        var nobody = Start();
        for (var person = 0; person < People; person++)
        {
            await nobody.AddUserAsync("acme", AddressOf(person), user => user.PasswordChangeRequired = true);
        }

        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var origin = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{((IPEndPoint)port.LocalEndpoint).Port}"));
        port.Stop();

        var changed = new ConcurrentDictionary<int, CookieJar>();
        await using (var process = await StartProcessAsync(origin))
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var people = Enumerable.Range(0, People).Select(person => Task.Run(async () =>
            {
                try
                {
                    using var browser = new Browser(Portal.ConnectOverNetwork, origin);
                    await ChangePasswordAsync(browser, person);
                    changed[person] = browser.Cookies;
                    if (changed.Count >= answers)
                    {
                        enough.TrySetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    // This one never got an answer.
                }
            })).ToList();
            await enough.Task.WaitAsync(TimeSpan.FromMinutes(1));
            await process.KillAsync();
            await Task.WhenAll(people);
        }

        await using var revived = await StartProcessAsync(origin);

        Assert.InRange(changed.Count, answers, People - 1);
        foreach (var (_, cookies) in changed)
        {
            using var browser = new Browser(Portal.ConnectOverNetwork, origin) { Cookies = cookies };
            Assert.True(await browser.IsSignedInAsync());
        }

        var isNew = await nobody.InTenantAsync("acme", async services =>
        {
            var database = services.GetRequiredService<PortalDbContext>();
            Assert.Equal(
                await database.Set<Session>().CountAsync(), await database.Set<SecurityEvent>().CountAsync(row => row.Kind == SecurityEventKind.SignIn));
            return await database.Users.Where(user => user.Email!.StartsWith("person-")).ToDictionaryAsync(user => user.Email!, user => !user.PasswordChangeRequired);
        });
        for (var person = 0; person < People; person++)
        {
            Assert.True(isNew[AddressOf(person)] || !changed.ContainsKey(person));
            using var browser = new Browser(Portal.ConnectOverNetwork, origin);
            var page = await browser.SignInAsync(address: AddressOf(person), password: isNew[AddressOf(person)] ? NewPassword : Portal.Password);
            Assert.Equal(isNew[AddressOf(person)] ? "Hello, Grace" : "Choose a new password", page.Heading);
        }
    }

    private static string AddressOf(int person) => string.Create(CultureInfo.InvariantCulture, $"person-{person}@acme.example");

    private static async Task ChangePasswordAsync(Browser browser, int person)
    {
        var page = await browser.SignInAsync(address: AddressOf(person));
        var home = await browser.PostAsync(page.Form("password-change").With("new-password", NewPassword));
        Assert.Equal("Hello, Grace", home.Heading);
    }

    private async Task<PortalProcess> StartProcessAsync(Uri origin)
    {
        var process = PortalProcess.Start(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_URLS"] = origin.ToString(),
            ["Portal__PublicOrigin"] = origin.ToString(),
            ["Database__Provider"] = Database.Provider.ToString(),
            ["ConnectionStrings__Portal"] = Database.ConnectionString,
        });
        await process.ReadUpToAsync("is ready");
        return process;
    }

    public sealed class OnSqlite() : SuddenDeathTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : SuddenDeathTests(DatabaseProvider.PostgreSql);
}
