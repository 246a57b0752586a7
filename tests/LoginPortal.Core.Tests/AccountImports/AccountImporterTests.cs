using System.Text;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tests.Administration;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.AccountImports;

public sealed class AccountImporterSqliteTests() : AccountImporterTests(DatabaseProvider.Sqlite);

public sealed class AccountImporterPostgreSqlTests() : AccountImporterTests(DatabaseProvider.PostgreSql);

/// <summary>People from a file: tried out, imported, interrupted, gone on with.</summary>
public abstract class AccountImporterTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private AdministratorSession _session = null!;

    private AccountImporter Importer => Host.Services.GetRequiredService<AccountImporter>();

    [Fact]
    public async Task Import_TriedOutThenDone_MakesEachPersonOnceAndLeavesTheOthers()
    {
        await GivenAdministratorAsync();
        var import = await TryOutAsync($"""
            email,given_name,family_name,role,language,shoe_size
            one@acme.example,One,Person,,de,40
            ONE@acme.example,Twice,Person,,,
            {Address},Changed,Name,,,
            no address,,,,,
            ,Nobody,,,,
            two@acme.example,=cmd|' /C calc'!A0,Two,administrator,,
            three@acme.example,{new string('x', 101)},,,,
            four@acme.example,,,emperor,,
            five@acme.example,,,,tlh,
            six@acme.example,,,,,,more
            """);

        Assert.Equal((10, 7, 1, 0, false), (import.Rows, import.Wrong, import.Existing, import.Created, import.IsStarted));
        Assert.Equal(["shoe_size"], import.IgnoredColumns);
        Assert.Equal(
            [
                (3, AccountImportProblem.AddressRepeated), (5, AccountImportProblem.AddressMalformed), (6, AccountImportProblem.AddressMissing),
                (8, AccountImportProblem.NameNotAllowed), (9, AccountImportProblem.RoleUnknown), (10, AccountImportProblem.LanguageUnknown), (11, AccountImportProblem.TooManyFields),
            ],
            import.WrongRows.Select(row => (row.Line, row.Problem!.Value)));
        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync()));

        import = await ContinueAsync(import.Id, sendsMails: true);

        Assert.Equal((2, 1, 3, true), (import.Created, import.Existing, import.Done, import.IsCompleted));
        var one = await ReadAsync(database => database.Users.SingleAsync(user => user.Email == "one@acme.example"));
        Assert.Equal(("One", "Person", "de", false, PortalRole.Member), (one.GivenName, one.FamilyName, one.Language, one.EmailConfirmed, one.Role));
        Assert.Null(one.PasswordHash);
        Assert.Equal(PortalRole.TenantAdministrator, (await ReadAsync(database => database.Users.SingleAsync(user => user.Email == "two@acme.example"))).Role);
        Assert.Equal("Konto", Assert.Single(await Host.Services.ReadMailsAsync("one@acme.example")).Subject.Split(' ').First(word => word == "Konto"));
        Assert.Single(await Host.Services.ReadMailsAsync("two@acme.example"));
        var audited = await ReadAsync(database => database.SecurityEvents.Where(e => e.ActorId == User.Id && e.SessionId == _session.SessionId).ToListAsync());
        Assert.Equal(2, audited.Count(e => e is { Kind: SecurityEventKind.AccountCreated, Reason: "import" }));
        Assert.Contains(
            new AuditDifference("created", null, "2"), audited.Single(e => e.Kind == SecurityEventKind.PeopleImported).Differences!);

        // Once more, and after it was forgotten: nothing more happens.
        Assert.Equal(2, (await ContinueAsync(import.Id)).Created);
        Assert.IsType<AccountImportResult.Discarded>(AnswerOf(await Importer.DiscardAsync(_session, import.Id, CancellationToken.None)));
        Assert.Equal(0, await ReadAsync(database => database.AccountImportRows.CountAsync()));
        Assert.IsType<AccountImportResult.NotFound>(AnswerOf(await Importer.ContinueAsync(_session, import.Id, sendsMails: true, CancellationToken.None)));
    }

    [Fact]
    public async Task Import_OfFiveHundred_InterruptedAndContinuedByTwoAtOnce_MakesNobodyTwice()
    {
        await GivenAdministratorAsync();
        var text = new StringBuilder("email;given_name\n");
        for (var number = 0; number < 500; number++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"person{number:000}@acme.example;Person {number}\n");
        }

        var import = await TryOutAsync(text.ToString());
        Assert.Equal((500, 0, 0), (import.Rows, import.Wrong, import.Existing));
        var first = await ContinueAsync(import.Id);
        Assert.Equal((AccountImporter.BatchSize, false), (first.Created, first.IsCompleted));

        // Somebody opens one of the accounts meanwhile, and a batch is given up in its middle.
        await Host.CreateUserAsync(Tenant, "Person499@acme.example", RightPassword);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Importer.ContinueAsync(_session, import.Id, sendsMails: false, new CancellationToken(canceled: true)));
        var other = AddHost().Services.GetRequiredService<AccountImporter>();
        for (var round = 0; round < 10 && !import.IsCompleted; round++)
        {
            var both = await Task.WhenAll(new[] { Importer, other }.Select(node => Task.Run(() => node.ContinueAsync(_session, import.Id, sendsMails: true, CancellationToken.None))));
            import = both.Select(result => Assert.IsType<AccountImportResult.Shown>(AnswerOf(result)).Import).MaxBy(view => view.Done)!;
        }

        Assert.Equal((499, 1, true, false), (import.Created, import.Existing, import.IsCompleted, import.SendsMails));
        Assert.Equal(501, await ReadAsync(database => database.Users.CountAsync()));
        Assert.Equal(499, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.AccountCreated)));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PeopleImported)));
        Assert.Equal(0, await ReadAsync(database => database.OutboxMails.CountAsync()));
    }

    [Fact]
    public async Task Import_OfSomebodyWhoIsNoAdministratorAnyMoreOrOfAnotherTenant_DoesNothing()
    {
        await GivenAdministratorAsync();
        var import = await TryOutAsync("email\none@acme.example\n");
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Database.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.Role, PortalRole.Member));
        }

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Importer.ContinueAsync(_session, import.Id, sendsMails: false, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Importer.ShowAsync(_session, import.Id, CancellationToken.None)));
        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync()));

        await GivenAsync(PortalRole.TenantAdministrator, "globex");
        _session = await AsAdministratorAsync();
        Assert.IsType<AccountImportResult.NotFound>(AnswerOf(await Importer.ShowAsync(_session, import.Id, CancellationToken.None)));
        Assert.IsType<AccountImportResult.NotFound>(AnswerOf(await Importer.DiscardAsync(_session, import.Id, CancellationToken.None)));
        Assert.False(AnswerOf(await Importer.ExportWrongRowsAsync(_session, import.Id, (_, _) => Task.CompletedTask, CancellationToken.None)));
    }

    [Fact]
    public async Task Import_OlderThanAWeek_IsForgotten()
    {
        await GivenAdministratorAsync();
        await TryOutAsync("email\none@acme.example\n");
        Clock.Advance(AccountImporter.Retention);

        await Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ExpiredDataCleanup>().Single().RunOnceAsync(CancellationToken.None);

        Assert.Equal(0, await ReadAsync(database => database.AccountImportRows.CountAsync()));
    }

    private async Task GivenAdministratorAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        _session = await AsAdministratorAsync();
    }

    private async Task<AccountImportView> TryOutAsync(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Assert.IsType<AccountImportResult.Shown>(AnswerOf(await Importer.TryOutAsync(_session, "people.csv", content, CancellationToken.None))).Import;
    }

    private async Task<AccountImportView> ContinueAsync(Guid id, bool sendsMails = false) =>
        Assert.IsType<AccountImportResult.Shown>(AnswerOf(await Importer.ContinueAsync(_session, id, sendsMails, CancellationToken.None))).Import;
}
