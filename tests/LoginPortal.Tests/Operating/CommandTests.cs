using LoginPortal.Commands;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.Configuration;

namespace LoginPortal.Tests.Operating;

/// <summary>The commands of the portal, in this process.</summary>
public sealed class CommandTests : PortalTests
{
    private static readonly string[] Commands =
    [
        "", "migrate", "tenant", "tenant create", "tenant export", "tenant import", "operator", "operator create", "keys", "keys rotate", "identity", "identity import",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("loginportal-commands-").FullName;

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Help_OfEveryCommand_IsThere()
    {
        foreach (var command in Commands)
        {
            var (exitCode, output, errors) = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

            Assert.Equal((0, ""), (exitCode, errors));
            Assert.Contains("Usage:", output, StringComparison.Ordinal);
            Assert.True(output.Split('\n')[1].Trim().Length > 10, command);
        }
    }

    [Theory]
    [InlineData(true, "migrate")]
    [InlineData(true, "tenant")]
    [InlineData(true, "--help")]
    [InlineData(false, "--urls")]
    [InlineData(false, "http://localhost")]
    [InlineData(false)]
    public void Line_OfTheHost_IsNoCommand(bool expected, params string[] args) => Assert.Equal(expected, PortalCommands.Knows(args));

    [Fact]
    public async Task Tenant_Exported_IsImportedUnderAnotherInstallation()
    {
        var (file, passphrase) = (Path.Combine(_folder, "acme.tenant"), Path.Combine(_folder, "passphrase"));
        await File.WriteAllTextAsync(passphrase, "seven lamps beside the harbour\n");
        Assert.Equal((0, "Made Initech at /t/initech.\n", ""), await RunAsync("tenant", "create", "initech", "--name", "Initech"));
        Assert.StartsWith("https://login.example.com/t/platform/accept-invitation?token=", (await RunAsync("operator", "create", "olga@portal.example")).Output, StringComparison.Ordinal);
        Assert.Contains("signs from", (await RunAsync("keys", "rotate", "--after", "02:00:00")).Output, StringComparison.Ordinal);

        Assert.Equal((0, "Wrote 1 tenant.\n", ""), await RunAsync("tenant", "export", "initech", "--file", file, "--passphrase-file", passphrase));
        await using var other = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        Assert.Equal((0, "Made 1 tenant.\n", ""), await RunAsync(other, "tenant", "import", file, "--passphrase-file", passphrase, "--slug", "copy"));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("There is no tenant nobody.", "tenant", "export", "nobody", "--file", "{folder}/a", "--passphrase-file", "{folder}/passphrase")]
    [InlineData("Could not find file", "tenant", "import", "{folder}/nothing", "--passphrase-file", "{folder}/passphrase")]
    [InlineData("This is no file of a tenant.", "tenant", "import", "{folder}/passphrase", "--passphrase-file", "{folder}/passphrase")]
    [InlineData("The name in the address must be", "tenant", "create", "No Slug", "--name", "Name")]
    [InlineData("That is no e-mail address.", "operator", "create", "nobody")]
    [InlineData("There is no tenant nobody in service.", "identity", "import", "nobody", "--provider", "Sqlite", "--connection", "Data Source={folder}/x.db")]
    [InlineData("--after must be", "keys", "rotate", "--after", "30.00:00:00")]
    [InlineData("Option '--name' is required.", "tenant", "create", "slug")]
    [InlineData("Unrecognized command or argument", "tenant", "creat")]
    public async Task Command_ThatCannotBeDone_SaysWhyWithoutAStackTrace(string expected, params string[] args)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "passphrase"), "seven lamps beside the harbour\n");

        var (exitCode, _, errors) = await RunAsync([.. args.Select(argument => argument.Replace("{folder}", _folder, StringComparison.Ordinal))]);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "a")));
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] args) => RunAsync(Database, args);

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(TestDatabase database, params string[] args)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var errors = new StringWriter { NewLine = "\n" };
        var exitCode = await PortalCommands.RunAsync(args, output, errors, builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:PublicOrigin"] = "https://login.example.com",
            ["ConnectionStrings:Portal"] = database.ConnectionString,
            ["Mail:Host"] = "mail.example.com",
        }));
        return (exitCode, output.ToString(), errors.ToString());
    }
}
