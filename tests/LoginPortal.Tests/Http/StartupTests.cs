using LoginPortal.Core.Data;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>The portal as a process of its own, as whoever operates it starts it.</summary>
public sealed class StartupTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _environment = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DOTNET_ENVIRONMENT"] = null,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["Portal__PublicOrigin"] = "https://login.example.com",
        ["Mail__Host"] = "mail.example.com",
    };

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync(DatabaseProvider.Sqlite);
        _environment["ConnectionStrings__Portal"] = _database.ConnectionString;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Start_OverAnEmptyDatabase_RefusesAndNamesTheCommand()
    {
        var (exitCode, _, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("LoginPortal cannot start:", errors, StringComparison.Ordinal);
        Assert.Contains("run 'LoginPortal migrate', then start again.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterMigrate_IsReadyAndPrintsTheSetupLink()
    {
        var migrated = await RunAsync("migrate");
        Assert.Equal(0, migrated.ExitCode);
        Assert.Contains("The database is up to date.", migrated.Output, StringComparison.Ordinal);
        Assert.Contains("The database is up to date.", (await RunAsync("migrate")).Output, StringComparison.Ordinal);

        await using var process = PortalProcess.Start(_environment);
        var lines = await process.ReadUpToAsync("/t/platform/setup?token=");

        Assert.Contains("LoginPortal is ready. Open https://login.example.com/", lines);
        Assert.Contains(lines, line => line.Contains("https://login.example.com/t/platform/setup?token=", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Demo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithABadConfiguration_NamesEveryErrorAtOnce()
    {
        _environment["Portal__PublicOrigin"] = "http://login.example.com";
        _environment["Portal__TrustedProxies__0"] = "not-a-network";
        _environment["Portal__MaximumCircuits"] = "-1";
        _environment["Portal__SessionCheckInterval"] = "00:02:00";
        _environment["Portal__KeyEncryptionCertificatePath"] = "/no/such/file.p12";
        _environment["ConnectionStrings__Portal"] = "";
        _environment["PasswordHashing__Iterations"] = "1000";
        _environment["Mail__Host"] = null;

        var (exitCode, output, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("ready", output, StringComparison.Ordinal);
        Assert.All(
            (string[])[
                "Portal:PublicOrigin must use https",
                "Portal:TrustedProxies must hold",
                "Portal:MaximumCircuits and",
                "Portal:SessionCheckInterval must be",
                "Portal:KeyEncryptionCertificatePath names no file.",
                "ConnectionStrings:Portal must name the database.",
                "PasswordHashing:Iterations must be at least 220000.",
                "Mail:Host must name the SMTP server that mails are sent through",
            ],
            error => Assert.Contains(error, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Portal__PublicOrigin", "", "Portal:PublicOrigin must be the origin")]
    [InlineData("Portal__PublicOrigin", "https://login.example.com/path", "Portal:PublicOrigin must be the origin")]
    [InlineData("Database__Provider", "Oracle", "Database:Provider")]
    [InlineData("Portal__MaximumCircuits", "many", "Portal:MaximumCircuits")]
    public async Task Start_WithAValueThatCannotBe_SaysWhatItMustBe(string name, string value, string expected)
    {
        _environment[name] = value;

        var (exitCode, _, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = PortalProcess.Start(_environment, arguments);
        return await process.RunToEndAsync();
    }
}
