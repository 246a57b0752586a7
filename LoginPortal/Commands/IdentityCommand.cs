using System.CommandLine;
using LoginPortal.Core.Data;
using LoginPortal.Core.IdentityImport;

namespace LoginPortal.Commands;

/// <summary><c>identity import</c>.</summary>
internal static class IdentityCommand
{
    public static Command Create(CommandConsole console)
    {
        var tenant = new Argument<string>("tenant") { Description = "The organisation that the people become people of, by the name in its address." };
        var provider = new Option<DatabaseProvider>("--provider") { Description = "The engine of the source.", Required = true };
        var connection = new Option<string>("--connection") { Description = "The connection string of the source; nothing is written to it.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would be done." };
        var administrators = new Option<string?>("--administrators") { Description = "The role whose members become the organisation's administrators." };
        var passkeys = new Option<bool>("--passkeys") { Description = "Take passkeys too. They work only where the portal is reached at the domain that they were made for." };
        var report = new Option<FileInfo?>("--report") { Description = "A file to write what there is to say about single accounts into, as CSV." };
        var import = new Command("import", "Takes the accounts of an ASP.NET Core Identity database over. Run it again after it was cut short: accounts that are there are left alone.")
        {
            tenant, provider, connection, dryRun, administrators, passkeys, report,
        };
        import.SetAction((line, cancellationToken) => console.RunAsync(
            async services =>
            {
                var request = new IdentityImportRequest(line.GetValue(tenant)!, line.GetValue(provider), line.GetValue(connection)!)
                {
                    IsDryRun = line.GetValue(dryRun),
                    AdministratorRole = line.GetValue(administrators),
                    WithPasskeys = line.GetValue(passkeys),
                };
                await using var lines = line.GetValue(report) is { } file ? new StreamWriter(file.FullName) : StreamWriter.Null;
                await lines.WriteLineAsync("account,finding,detail");
                var result = await services.GetRequiredService<IdentityImporter>().RunAsync(
                    request,
                    note => lines.WriteLine($"{Cell(note.SourceId)},{note.Finding},{Cell(note.Detail ?? "")}"),
                    progress => console.ShowProgress(progress.Done, progress.Total),
                    cancellationToken);
                return await WriteAsync(console, result, request.IsDryRun);
            },
            cancellationToken: cancellationToken));
        return new Command("identity", "Databases of ASP.NET Core Identity.") { import };
    }

    private static async Task<int> WriteAsync(CommandConsole console, IdentityImportReport result, bool isDryRun)
    {
        await console.Output.WriteLineAsync($"{result.Total} accounts looked at{(isDryRun ? "; nothing has been written" : "")}.");
        foreach (var (finding, count) in result.Counts.OrderBy(count => count.Key))
        {
            await console.Output.WriteLineAsync($"{count,9}  {SentenceOf(finding)}");
        }

        return 0;
    }

    private static string Cell(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string SentenceOf(IdentityImportFinding finding) => finding switch
    {
        IdentityImportFinding.Imported => "taken over",
        IdentityImportFinding.AlreadyImported => "taken over by an earlier run",
        IdentityImportFinding.NoAddress => "left out: no e-mail address",
        IdentityImportFinding.Duplicate => "left out: another account has the address",
        IdentityImportFinding.AddressUnconfirmed => "with an address that was never confirmed: it must be before they sign in",
        IdentityImportFinding.NoPassword => "without a password: they choose one by 'Forgotten password'",
        IdentityImportFinding.PasswordNotTaken => "with a password hash that cannot be taken: likewise",
        IdentityImportFinding.PasswordCostsMore => "with a password hash that costs more than PasswordHashing:Iterations: raise it to theirs",
        IdentityImportFinding.AuthenticatorNotTaken => "with an authenticator key that cannot be read: they set it up anew",
        IdentityImportFinding.RecoveryCodesNotTaken => "with recovery codes that are too short to be kept: they make new ones",
        IdentityImportFinding.ExternalLogin => "sign-ins with another provider, which the portal does not take over",
        IdentityImportFinding.Disabled => "locked for good: disabled",
        IdentityImportFinding.PasskeyNotTaken => "passkeys left out",
        IdentityImportFinding.RoleNotTaken => "roles left out: the portal keeps none",
        _ => finding.ToString(),
    };
}
