using System.CommandLine;
using LoginPortal.Core.Setup;

namespace LoginPortal.Commands;

/// <summary>
/// What <c>LoginPortal.dll</c> does besides serving, for whoever has a console on the machine. A line that begins with no command is the host's:
/// <c>--urls</c> and other configuration.
/// </summary>
internal static class PortalCommands
{
    /// <summary>Whether the line is one of these.</summary>
    public static bool Knows(string[] args) => args is [var first, ..]
        && (first is "--help" or "-h" or "-?" or "--version" || Create(new CommandConsole(TextWriter.Null, TextWriter.Null)).Subcommands.Any(command => command.Name == first));

    /// <summary>Runs a command.</summary>
    /// <param name="args">The line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="errors">Where everything else goes.</param>
    /// <returns>The exit code: 0 if it was done, 1 if not.</returns>
    /// <param name="configure">What a test adds to the configuration.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, Action<IHostApplicationBuilder>? configure = null)
    {
        var parsed = Create(new CommandConsole(output, errors, configure)).Parse(args);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Create(CommandConsole console) =>
        new("LoginPortal, a login portal for many organisations. Without a command it serves; settings come from appsettings.json and the environment.")
        {
            MigrateCommand(console),
            TenantCommands.Create(console),
            OperatorCommand(console),
            KeysCommand(console),
            IdentityCommand.Create(console),
        };

    private static Command MigrateCommand(CommandConsole console)
    {
        var command = new Command("migrate", "Brings the database up to date. Take a backup first. Nodes may serve meanwhile.");
        command.SetAction((_, cancellationToken) => console.RunAsync(
            async services =>
            {
                await services.MigrateAsync(console.Output, cancellationToken);
                return 0;
            },
            isSchemaNeeded: false,
            cancellationToken));
        return command;
    }

    private static Command OperatorCommand(CommandConsole console)
    {
        var address = new Argument<string>("address") { Description = "The e-mail address." };
        var mail = new Option<bool>("--mail") { Description = "Mail the link instead of printing it." };
        var create = new Command("create", "Invites an operator of the platform: prints a link, which opens the account once, within seven days.") { address, mail };
        create.SetAction((line, cancellationToken) => console.RunAsync(
            async services =>
            {
                var invitation = await services.GetRequiredService<ConsoleAdministration>()
                    .InviteOperatorAsync(line.GetValue(address), line.GetValue(mail), cancellationToken);
                return invitation.Result switch
                {
                    Core.Registration.InvitationResult.Sent => await console.DoneAsync(invitation.Link?.ToString() ?? "The invitation is in the outbox; a portal that runs sends it."),
                    Core.Registration.InvitationResult.AddressMalformed => await console.FailAsync("That is no e-mail address."),
                    Core.Registration.InvitationResult.AlreadyMember => await console.FailAsync("There is an account with this address in the platform's tenant."),
                    _ => await console.FailAsync("Five invitations went to this address within an hour; try again later, or without --mail."),
                };
            },
            cancellationToken: cancellationToken));
        return new Command("operator", "Operators of the platform.") { create };
    }

    private static Command KeysCommand(CommandConsole console)
    {
        var after = new Option<TimeSpan>("--after")
        {
            Description = "How long until the new key signs, so that copies of the published keys are renewed in time.",
            DefaultValueFactory = _ => TimeSpan.FromHours(1),
        };
        var revoke = new Option<bool>("--revoke") { Description = "A key may be known to somebody: every access token ends at once. Restart all nodes afterwards." };
        after.Validators.Add(result =>
        {
            if (result.GetValue(after) < TimeSpan.Zero || result.GetValue(after) > Core.Tokens.SigningKeys.Announcement)
            {
                result.AddError("--after must be 00:00:00 to 14.00:00:00.");
            }
        });
        var rotate = new Command("rotate", "Has another key sign tokens before its time; keys are replaced by themselves every 90 days.") { after, revoke };
        rotate.SetAction((line, cancellationToken) => console.RunAsync(
            async services =>
            {
                var from = await services.GetRequiredService<ConsoleAdministration>().RotateKeysAsync(line.GetValue(after), line.GetValue(revoke), cancellationToken);
                return from is null
                    ? await console.FailAsync("Somebody else has just had another key sign; nothing has changed.")
                    : await console.DoneAsync($"The new key is published, and signs from {from:u}.");
            },
            cancellationToken: cancellationToken));
        return new Command("keys", "The keys that sign tokens.") { rotate };
    }
}
