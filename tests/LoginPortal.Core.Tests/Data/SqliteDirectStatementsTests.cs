using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Data;

/// <summary>What several ask at once is one transaction, and still each one's own.</summary>
public sealed class SqliteDirectStatementsTests : IAsyncLifetime, IDisposable
{
    private const string Rename = """
        UPDATE "Tenants" SET "DisplayName" = @name WHERE "Slug" = @slug;
        SELECT "DisplayName" FROM "Tenants" WHERE "Slug" = @slug
        """;

    private readonly SlowDisk _disk = new();
    private TestDatabase _database = null!;
    private CoreHost _host = null!;

    private DirectStatements Statements => _host.Services.GetRequiredService<DirectStatements>();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _host = new CoreHost(_database, configure: builder => builder.Services.AddSingleton(new WriteAheadLog(_disk.Flush)));
        await _host.CreateTenantAsync("acme");
        await _host.CreateTenantAsync("globex");
        _disk.Count = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Calls_ThatComeWhileTheDiskIsWaitedFor_ShareTheNextWait()
    {
        _disk.IsSlow = true;
        var first = RenameAsync("acme", "First");
        await _disk.BeganAsync();
        var others = Enumerable.Range(0, 5).Select(number => RenameAsync("globex", $"Globex {number}")).ToArray();

        _disk.Finish();
        Assert.Equal("First", await first);
        await _disk.BeganAsync();

        Assert.All(others, other => Assert.False(other.IsCompleted));
        _disk.Finish();
        Assert.Equal<string?>(["Globex 0", "Globex 1", "Globex 2", "Globex 3", "Globex 4"], (await Task.WhenAll(others)).ToList());
        Assert.Equal(2, _disk.Count);
        Assert.Equal("Globex 4", await NameOfAsync("globex"));
    }

    [Fact]
    public async Task Call_ThatChangesNothing_DoesNotWaitForTheDisk()
    {
        Assert.Null(await RenameAsync("nobody", "Nobody"));

        Assert.Equal(0, _disk.Count);
    }

    [Fact]
    public async Task StatementThatFails_AmongOthers_FailsAlone()
    {
        var calls = await TogetherAsync(
            () => RenameAsync("acme", "Acme One"),
            () => FindAsync("""UPDATE "Tenants" SET "DisplayName" = NULL WHERE "Slug" = @slug""", "acme"),
            () => RenameAsync("globex", "Globex One"));

        Assert.Equal("Acme One", await calls[0]);
        await Assert.ThrowsAsync<SqliteException>(() => calls[1]);
        Assert.Equal("Globex One", await calls[2]);
        Assert.Equal("Acme One", await NameOfAsync("acme"));
    }

    [Fact]
    public async Task Batch_WhoseTransactionIsOver_FailsForAllAndChangesNothing()
    {
        var calls = await TogetherAsync(() => RenameAsync("acme", "Acme One"), () => FindAsync("ROLLBACK", "acme"), () => RenameAsync("globex", "Globex One"));

        await Assert.ThrowsAsync<SqliteException>(() => calls[0]);
        await Assert.ThrowsAsync<SqliteException>(() => calls[1]);
        await Assert.ThrowsAsync<SqliteException>(() => calls[2]);
        Assert.NotEqual("Acme One", await NameOfAsync("acme"));
        Assert.NotEqual("Globex One", await NameOfAsync("globex"));
        Assert.Equal("Acme Two", await RenameAsync("acme", "Acme Two"));
    }

    [Fact]
    public async Task Call_GivenUpBeforeItsTurn_ChangesNothing()
    {
        using var givingUp = new CancellationTokenSource();
        _disk.IsSlow = true;
        var first = RenameAsync("acme", "First");
        await _disk.BeganAsync();
        var second = RenameAsync("globex", "Second", givingUp.Token);
        await givingUp.CancelAsync();
        _disk.IsSlow = false;
        _disk.Finish();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal("First", await first);
        Assert.NotEqual("Second", await NameOfAsync("globex"));
    }

    [Fact]
    public async Task Call_BesideWritersWithContexts_SeesWhatTheyWroteAndLosesNothing()
    {
        var writers = Enumerable.Range(0, 4).Select(async number =>
        {
            for (var round = 0; round < 10; round++)
            {
                await using var scope = _host.CreateScope();
                var name = $"{number} {round}";
                await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants
                    .Where(tenant => tenant.Slug == "globex")
                    .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.DisplayName, name));
                Assert.Equal($"Acme {name}", await RenameAsync("acme", $"Acme {name}"));
            }
        });

        await Task.WhenAll(writers);

        Assert.Matches("^Acme [0-3] 9$", await NameOfAsync("acme"));
        Assert.Matches("^[0-3] 9$", await FindAsync("""SELECT "DisplayName" FROM "Tenants" WHERE "Slug" = @slug""", "globex"));
    }

    [Fact]
    public async Task Disk_ThatFails_IsToldToEverybodyWhoAsks()
    {
        _disk.IsBroken = true;

        await Assert.ThrowsAsync<SqliteException>(() => RenameAsync("acme", "First"));
        _disk.IsBroken = false;
        await Assert.ThrowsAsync<SqliteException>(() => RenameAsync("globex", "Second"));

        Assert.NotEqual("Second", await NameOfAsync("globex"));
    }

    /// <summary>Has these in one batch: they come while another is waiting for the disk.</summary>
    private async Task<Task<string?>[]> TogetherAsync(params Func<Task<string?>>[] calls)
    {
        _disk.IsSlow = true;
        var before = RenameAsync("acme", "Before");
        await _disk.BeganAsync();
        var together = calls.Select(call => call()).ToArray();
        _disk.IsSlow = false;
        _disk.Finish();
        await before;
        return together;
    }

    private Task<string?> RenameAsync(string slug, string name, CancellationToken cancellationToken = default) =>
        Statements.FindAsync(Rename, [("@slug", slug), ("@name", name)], row => row.Text(0), cancellationToken);

    private Task<string?> FindAsync(string sql, string slug) => Statements.FindAsync(sql, [("@slug", slug)], row => row.Text(0), CancellationToken.None);

    private async Task<string> NameOfAsync(string slug)
    {
        await using var scope = _host.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, CancellationToken.None))!.DisplayName;
    }
}
