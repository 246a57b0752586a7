using System.CommandLine;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Setup;
using LoginPortal.Core.TenantTransfer;

namespace LoginPortal.Commands;

/// <summary><c>tenant create</c>, <c>tenant export</c> and <c>tenant import</c>.</summary>
internal static class TenantCommands
{
    private static readonly Option<FileInfo?> PassphraseFile = new("--passphrase-file")
    {
        Description = "A file with the passphrase, at least 15 characters; asked for if it is left out.",
    };

    public static Command Create(CommandConsole console) => new("tenant", "Organisations.") { NewCommand(console), ExportCommand(console), ImportCommand(console) };

    private static Command NewCommand(CommandConsole console)
    {
        var slug = new Argument<string>("slug") { Description = "The name in its address, /t/{slug}: lower-case letters, digits and hyphens." };
        var name = new Option<string>("--name") { Description = "What people call it.", Required = true };
        var administrator = new Option<string?>("--administrator") { Description = "The e-mail address of its first administrator, who is invited by mail." };
        var command = new Command("create", "Makes an organisation.") { slug, name, administrator };
        command.SetAction((line, cancellationToken) => console.RunAsync(
            async services => await services.GetRequiredService<ConsoleAdministration>()
                .CreateTenantAsync(line.GetValue(slug), line.GetValue(name), line.GetValue(administrator), cancellationToken) switch
            {
                TenantResult.Done(var tenant) => await console.DoneAsync($"Made {tenant.DisplayName} at /t/{tenant.Slug}."),
                TenantResult.SlugTaken => await console.FailAsync("There is a tenant with this name in its address."),
                TenantResult.Refused(var fields) => await console.FailAsync([.. fields.Select(SentenceOf)]),
                var other => throw new InvalidOperationException($"{other} is no answer to making a tenant."),
            },
            cancellationToken: cancellationToken));
        return command;
    }

    private static Command ExportCommand(CommandConsole console)
    {
        var slug = new Argument<string>("slug") { Description = "The organisation, by the name in its address." };
        var file = new Option<FileInfo>("--file") { Description = "The file to write; it must not exist.", Required = true };
        var events = new Option<bool>("--with-events") { Description = "Take its security events along." };
        var command = new Command("export", "Writes a whole organisation into a file that only the passphrase opens.") { slug, file, events, PassphraseFile };
        command.SetAction((line, cancellationToken) => console.RunAsync(
            async services =>
            {
                var (target, isDone) = (line.GetValue(file)!, false);
                var passphrase = await CommandConsole.ReadPassphraseAsync(line.GetValue(PassphraseFile), cancellationToken);
                await using var stream = CreateForOwnerAlone(target.FullName);
                try
                {
                    await using var writer = new StreamWriter(stream);
                    var counts = await services.GetRequiredService<TenantExporter>()
                        .ExportAsync(line.GetValue(slug)!, passphrase, line.GetValue(events), writer, _ => { }, cancellationToken);
                    isDone = true;
                    return await console.DoneAsync($"Wrote {Summary(counts)}.");
                }
                finally
                {
                    if (!isDone)
                    {
                        target.Delete();
                    }
                }
            },
            cancellationToken: cancellationToken));
        return command;
    }

    private static Command ImportCommand(CommandConsole console)
    {
        var file = new Argument<FileInfo>("file") { Description = "A file that tenant export wrote." };
        var slug = new Option<string?>("--slug") { Description = "Another name in its address." };
        var command = new Command("import", "Makes an organisation from such a file, all of it or nothing.") { file, slug, PassphraseFile };
        command.SetAction((line, cancellationToken) => console.RunAsync(
            async services =>
            {
                var source = line.GetValue(file)!;
                var passphrase = await CommandConsole.ReadPassphraseAsync(line.GetValue(PassphraseFile), cancellationToken);
                await using var stream = source.OpenRead();
                using var reader = new StreamReader(stream);
                var counts = await services.GetRequiredService<TenantImporter>().ImportAsync(
                    reader, passphrase, line.GetValue(slug), _ => console.ShowProgress(stream.Position, source.Length), cancellationToken);
                return await console.DoneAsync($"Made {Summary(counts)}.");
            },
            cancellationToken: cancellationToken));
        return command;
    }

    private static FileStream CreateForOwnerAlone(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static string Summary(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));

    private static string SentenceOf(TenantField field) => field switch
    {
        TenantField.Slug => "The name in the address must be 1 to 40 lower-case letters, digits and inner hyphens.",
        TenantField.DisplayName => "The name must be one line of at most 128 characters.",
        _ => "The administrator's address is no e-mail address.",
    };
}
