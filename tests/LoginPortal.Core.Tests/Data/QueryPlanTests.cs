using System.Data.Common;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using LoginPortal.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Data;

/// <summary>Every statement on the way of a sign-in and of a request finds its rows through an index.</summary>
public sealed class QueryPlanTests() : SignInTestBase(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task EveryStatement_OfSignInAndSession_UsesAnIndex()
    {
        var recorder = new StatementRecorder();
        var node = AddHost(builder => builder.Services.ConfigureDbContext<SqlitePortalDbContext>(options => options.AddInterceptors(recorder)));
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => user.PasswordChangeRequired = true);

        await UseEverythingAsync(new Browser(node, Tenant), node);
        await UseLinksAsync(node);
        await UsePasskeysAsync(new Browser(node, Tenant), node);

        Assert.InRange(recorder.Statements.Count, 15, 200);
        foreach (var table in (string[])["Tenants", "SignInFlows", "AttemptCounters", "Users", "Sessions", "HandoffTickets", "OneTimeLinks", "MailAllowances", "Passkeys", "SpentChallenges"])
        {
            Assert.Contains(recorder.Statements, statement => statement.Contains($"\"{table}\"", StringComparison.Ordinal));
        }

        Assert.Empty(await ScansAsync(recorder.Statements));
    }

    [Fact]
    public async Task BothStatements_ThatExchangeARefreshToken_UseAnIndex()
    {
        var statements = RefreshTokenExchange.StatementsWhere().Split(';', StringSplitOptions.TrimEntries);

        Assert.Equal(2, statements.Length);
        Assert.Empty(await ScansAsync(statements));
    }

    [Fact]
    public async Task PlanOf_StatementWithoutAnIndex_IsAScan() =>
        Assert.Contains(await PlanAsync("SELECT \"Id\" FROM \"Users\" WHERE \"GivenName\" = @name"), line => line.StartsWith("SCAN ", StringComparison.Ordinal));

    private async Task UsePasskeysAsync(Browser browser, CoreHost node)
    {
        using var authenticator = new SoftwareAuthenticator();
        const string address = "keys@acme.example";
        await Host.CreateUserAsync(Tenant, address, RightPassword);
        var session = Assert.IsType<SignInOutcome.Completed>(await browser.SignInAsync(address, RightPassword)).SessionId;
        await using (var scope = Host.OpenTenant(Tenant))
        {
            (await scope.Database.Sessions.SingleAsync(s => s.Id == session)).TokenHash = Secret.Hash(Secret.Create());
            await scope.Database.SaveChangesAsync();
        }

        var account = node.Services.GetRequiredService<PasskeyAccount>();
        var made = (await account.BeginAsync(Tenant.Id, session, browser.BindingHash, isConditional: false, CancellationToken.None))!;
        Assert.IsType<PasskeyAccountResult.Passkeys>(await account.AddAsync(
            Tenant.Id,
            session,
            browser.BindingHash,
            new PasskeyAnswer(authenticator.Create(made.OptionsJson), made.Ceremony),
            Browser.Facts,
            CancellationToken.None));
        await browser.IdentifyAsync(address);
        var options = (await node.Services.GetRequiredService<PasskeyCeremonies>()
            .BeginAsync(Tenant.Id, browser.BindingHash, browser.FlowId, CancellationToken.None))!;
        var answer = new PasskeyAnswer(authenticator.Get(options.OptionsJson), options.Ceremony);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Passkey(answer, Remember: false, TrustDevice: false)));
    }

    private async Task UseEverythingAsync(Browser browser, CoreHost node)
    {
        await browser.IdentifyAsync(Address);
        await browser.AdvanceAsync(new StepInput.Identify(Address));
        await browser.PasswordAsync(WrongPassword);
        await browser.PasswordAsync(RightPassword);
        await browser.ShowAsync();
        await browser.NewPasswordAsync("short");
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.NewPasswordAsync(OtherPassword));
        await browser.ShowAsync();

        await using (var scope = node.CreateScope())
        {
            var directory = scope.ServiceProvider.GetRequiredService<TenantDirectory>();
            await directory.FindBySlugAsync(Tenant.Slug, CancellationToken.None);
            await directory.FindByHostAsync("login.acme.example", CancellationToken.None);
        }

        await using (var scope = node.OpenTenant(Tenant))
        {
            var sessions = scope.Services.GetRequiredService<SessionService>();
            var redeemed = (await sessions.RedeemAsync(
                completed.HandoffTicket, browser.BindingHash, [Guid.NewGuid()], Browser.Facts, CancellationToken.None))!;
            Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.NotNull(await sessions.FindAsync(redeemed.Token, CancellationToken.None));
            Assert.True(await sessions.IsLiveAsync(redeemed.Id, CancellationToken.None));
            await sessions.EndAsync(redeemed.Id, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
            await sessions.EndAsync(redeemed.Id, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
        }
    }

    /// <summary>A new password and a confirmed address, by link.</summary>
    private async Task UseLinksAsync(CoreHost node)
    {
        var recovery = node.Services.GetRequiredService<PasswordRecovery>();
        var verification = node.Services.GetRequiredService<AddressVerification>();
        await recovery.RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);
        string token;
        await using (var scope = node.OpenTenant(Tenant))
        {
            var user = await scope.Database.Users.SingleAsync(candidate => candidate.NormalizedUserName == EmailAddress.Normalize(Address));
            Assert.Null(await verification.SendAsync(scope.Database, Tenant, user, language: null, CancellationToken.None));
            token = await AccountLinks.ReplaceAsync(
                scope.Database,
                Tenant.Id,
                user.Id,
                OneTimeLinkPurpose.PasswordReset,
                Clock.GetUtcNow(),
                PasswordRecovery.LinkLifetime,
                CancellationToken.None);
            await scope.Database.SaveChangesAsync();
        }

        Assert.IsType<PasswordResetResult.Done>(
            await recovery.ResetAsync(Tenant.Id, token, "nine-herons-paint-a-barn", Browser.Facts, CancellationToken.None));
        var mail = (await Host.Services.ReadMailsAsync(Address)).First(candidate => candidate.Text.Contains("token=", StringComparison.Ordinal));
        Assert.True(await verification.ConfirmAsync(Tenant.Id, mail.Token, Browser.Facts, CancellationToken.None));
    }

    private async Task<List<string>> ScansAsync(IEnumerable<string> statements)
    {
        var scans = new List<string>();
        foreach (var statement in statements)
        {
            scans.AddRange((await PlanAsync(statement))
                .Where(line => line.StartsWith("SCAN ", StringComparison.Ordinal) && line != "SCAN CONSTANT ROW")
                .Select(line => $"{line}: {statement}"));
        }

        return scans;
    }

    private async Task<List<string>> PlanAsync(string statement)
    {
        await using var connection = new SqliteConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();

        // The parameters' values are of no importance to the plan; their names become NULL. The statements are EF Core's own.
#pragma warning disable CA2100
        command.CommandText = "EXPLAIN QUERY PLAN " + System.Text.RegularExpressions.Regex.Replace(statement, "@[A-Za-z0-9_]+", "NULL");
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(3));
        }

        return lines;
    }

    private sealed class StatementRecorder : DbCommandInterceptor
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _statements = new(StringComparer.Ordinal);

        /// <summary>The statements so far, each once.</summary>
        public ICollection<string> Statements => _statements.Keys;

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Note(command);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Note(command);
            return ValueTask.FromResult(result);
        }

        private void Note(DbCommand command)
        {
            // A batch is several statements; an insert on its own has no rows to find.
            foreach (var statement in command.CommandText.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!statement.StartsWith("PRAGMA", StringComparison.Ordinal))
                {
                    _statements.TryAdd(statement, true);
                }
            }
        }
    }
}
