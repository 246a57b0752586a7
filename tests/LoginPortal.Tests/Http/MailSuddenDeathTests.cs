using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>The portal's process is killed with mails between the database and the server: each still goes out, and none more than twice.</summary>
public abstract partial class MailSuddenDeathTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const int People = 4;
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(provider);

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task Kill_WhileTheServerHoldsAMail_LosesNoneAndRepeatsItAtMostOnce()
    {
        // Core by itself looks at the same database and sends nothing.
        await using var core = new CoreHost(_database!);
        var tenant = await core.CreateTenantAsync("mailers");
        for (var person = 0; person < People; person++)
        {
            await core.CreateUserAsync(tenant, AddressOf(person), password: null);
        }

        // It takes a mail and never says so: nobody can know whether it was delivered.
        await using var server = new SmtpServerDouble { OffersTls = false, StallsAt = "." };
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var origin = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{((IPEndPoint)port.LocalEndpoint).Port}"));
        port.Stop();
        await using (var process = await StartProcessAsync(origin, server))
        {
            for (var person = 0; person < People; person++)
            {
                using var browser = new Browser(Portal.ConnectOverNetwork, origin);
                var form = (await browser.GetAsync("/t/mailers/forgot-password")).Form("forgot-password");
                await browser.PostAsync(form.With("username", AddressOf(person)));
            }

            await server.TakenAsync(1);
            await process.KillAsync();
        }

        server.StallsAt = null;
        await using (var scope = core.OpenTenant(tenant))
        {
            // The time that a mail is left to the node that had begun to send it goes by.
            await scope.Database.OutboxMails.Where(mail => mail.SentAt == null)
                .ExecuteUpdateAsync(update => update.SetProperty(mail => mail.NextAttemptAt, DateTimeOffset.UnixEpoch));
        }

        await using var revived = await StartProcessAsync(origin, server);
        await server.TakenAsync(People + 1);

        var copies = server.Mails.GroupBy(mail => Recipient().Match(mail.Data).Value.Trim()).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Enumerable.Range(0, People).Select(person => $"To: {AddressOf(person)}"), copies.Keys.Order(StringComparer.Ordinal));
        Assert.All(copies.Values, count => Assert.InRange(count, 1, 2));
    }

    [GeneratedRegex("^To: \\S+", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Recipient();

    private static string AddressOf(int person) => string.Create(CultureInfo.InvariantCulture, $"person-{person}@acme.example");

    private async Task<PortalProcess> StartProcessAsync(Uri origin, SmtpServerDouble server)
    {
        var process = PortalProcess.Start(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_URLS"] = origin.ToString(),
            ["Portal__PublicOrigin"] = origin.ToString(),
            ["Database__Provider"] = provider.ToString(),
            ["ConnectionStrings__Portal"] = _database!.ConnectionString,
            ["Mail__Host"] = "127.0.0.1",
            ["Mail__Port"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["Mail__RequireTls"] = "false",
            ["Mail__PickupFolder"] = "",
        });
        await process.ReadUpToAsync("is ready");
        return process;
    }

    public sealed class OnSqlite() : MailSuddenDeathTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : MailSuddenDeathTests(DatabaseProvider.PostgreSql);
}
