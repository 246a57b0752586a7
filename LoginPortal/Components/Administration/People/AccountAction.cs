using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;

namespace LoginPortal.Components.Administration.People;

/// <summary>What an administrator can do to an account.</summary>
public enum AccountAction
{
    /// <summary>Letting somebody try again who guessed wrong too often.</summary>
    Unlock,

    /// <summary>Changing what the person may do.</summary>
    ChangeRole,

    /// <summary>Ending every session.</summary>
    EndSessions,

    /// <summary>Removing every second factor.</summary>
    ResetFactors,

    /// <summary>Closing the account.</summary>
    Disable,

    /// <summary>Opening it again.</summary>
    Enable,

    /// <summary>Having it erased.</summary>
    Delete,
}

/// <summary>Which actions there are for whom. Leaving one out is a courtesy: Core decides for itself.</summary>
internal static class AccountActions
{
    public static IEnumerable<AccountAction> For(AccountSummary account, bool isOwn, PortalRole administratorRole)
    {
        if (account.Role > administratorRole)
        {
            return [];
        }

        IEnumerable<(AccountAction Action, bool IsOffered)> all =
        [
            (AccountAction.Unlock, account.IsLocked),
            (AccountAction.ChangeRole, !isOwn && account.ErasureDueAt is null),
            (AccountAction.EndSessions, account.DisabledAt is null),
            (AccountAction.ResetFactors, !isOwn && account.HasSecondFactor),
            (AccountAction.Disable, !isOwn && account.DisabledAt is null),
            (AccountAction.Enable, !isOwn && account.DisabledAt is not null),
            (AccountAction.Delete, !isOwn && account.ErasureDueAt is null),
        ];
        return all.Where(row => row.IsOffered).Select(row => row.Action);
    }

    /// <summary>The roles that an administrator of a tenant can give.</summary>
    public static IEnumerable<PortalRole> RolesOf(PortalRole administratorRole, bool isPlatform) =>
        Enum.GetValues<PortalRole>().Where(role => role <= administratorRole && (role != PortalRole.PlatformOperator || isPlatform));

    /// <summary>Whether it takes something away that is not given back by the opposite action.</summary>
    public static bool IsDangerous(AccountAction action) => action is AccountAction.Delete or AccountAction.ResetFactors or AccountAction.Disable;
}
