using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace LoginPortal.Components.Administration.People;

/// <summary>A page from which something is done to accounts: asks first, does it, and says what became of it.</summary>
public abstract class AccountActionPage : AdministrationPage
{
    /// <summary>Does it.</summary>
    [Inject]
    protected AccountAdministration Accounts { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    /// <summary>What became of the last action.</summary>
    internal Outcome? Outcome { get; private protected set; }

    /// <summary>Whether operators can be made here.</summary>
    protected bool IsPlatform => Tenant.Required.Slug == TenantSlug.Platform;

    /// <summary>Asks, does it, and shows the page anew.</summary>
    private protected async Task ActAsync(AccountSummary account, AccountAction action, PortalRole administratorRole)
    {
        Outcome = null;
        var asked = new AccountQuestion(action, account, [.. AccountActions.RolesOf(administratorRole, IsPlatform)]);
        var answer = await Dialogs.OpenAsync<AccountActionDialog>(
            Text[$"People.Action.{action}"],
            new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(AccountActionDialog.Question)] = asked },
            new DialogOptions { CloseDialogOnEsc = true, CloseDialogOnOverlayClick = true, ShowClose = false, Width = "min(32rem, 100%)" });
        if (answer is AccountAnswer given)
        {
            await OnceAsync(() => DoAsync(account, action, given));
        }
    }

    /// <summary>Takes an answer about an account, and says it.</summary>
    private protected async Task TellAsync(AdministrationResult<AccountResult> result, string done)
    {
        if (TryTake(result, out var answer))
        {
            Outcome = Outcome.Of(Text, answer, done);
            await LoadAsync();
        }
    }

    private async Task DoAsync(AccountSummary account, AccountAction action, AccountAnswer given)
    {
        var result = await (action switch
        {
            AccountAction.Unlock => Accounts.UnlockAsync(Session, account.Id, UntilDisposed),
            AccountAction.ChangeRole => Accounts.ChangeRoleAsync(Session, account.Id, given.Role, UntilDisposed),
            AccountAction.EndSessions => Accounts.EndSessionsAsync(Session, account.Id, UntilDisposed),
            AccountAction.ResetFactors => Accounts.ResetSecondFactorsAsync(Session, account.Id, UntilDisposed),
            AccountAction.Disable => Accounts.DisableAsync(Session, account.Id, UntilDisposed),
            AccountAction.Enable => Accounts.EnableAsync(Session, account.Id, UntilDisposed),
            _ => Accounts.DeleteAsync(Session, account.Id, UntilDisposed),
        });
        await TellAsync(result, Text.Format($"People.Done.{action}", account.Address, Text[$"Role.{given.Role}"]));
    }
}

/// <summary>What became of an action.</summary>
/// <param name="Words">In words.</param>
/// <param name="IsProblem">Whether it was not done.</param>
public sealed record Outcome(string Words, bool IsProblem)
{
    internal static Outcome Of(Visits.PortalText text, AccountResult result, string done) => result switch
    {
        AccountResult.Done or AccountResult.Invited or AccountResult.Withdrawn => new Outcome(done, IsProblem: false),
        _ => new Outcome(text[$"People.Refused.{result.GetType().Name}"], IsProblem: true),
    };
}

/// <summary>What is asked before something is done to an account.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Account">To which.</param>
/// <param name="Roles">The roles that can be given.</param>
public sealed record AccountQuestion(AccountAction Action, AccountSummary Account, IReadOnlyList<PortalRole> Roles);

/// <summary>That it is to be done.</summary>
/// <param name="Role">The role to be given, where it is about one.</param>
public sealed record AccountAnswer(PortalRole Role);
