using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Registration;

namespace LoginPortal.Core.Administration;

/// <summary>Which accounts are wanted.</summary>
public sealed record AccountQuery
{
    /// <summary>The beginning of an address or a name, in whatever case; <see langword="null"/> for all.</summary>
    public string? Search { get; init; }

    /// <summary>Only those who may do this.</summary>
    public PortalRole? Role { get; init; }

    /// <summary>Only those of which this is true.</summary>
    public AccountState? State { get; init; }

    /// <summary>The order; it does not matter while there is something to search for. Default <see cref="AccountSort.Address"/>.</summary>
    public AccountSort Sort { get; init; }

    /// <summary>Whether the last of that order comes first. Default <see langword="false"/>.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Whether to count them, up to <see cref="AccountDirectory.CountedUpTo"/>. Default <see langword="false"/>.</summary>
    public bool IsCounted { get; init; }

    /// <summary>From the page before, or behind; <see langword="null"/> for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many at most, 1 to <see cref="AccountDirectory.MaximumPageSize"/>. Default <see cref="AccountDirectory.DefaultPageSize"/>.</summary>
    public int? PageSize { get; init; }
}

/// <summary>What can be true of an account.</summary>
public enum AccountState
{
    /// <summary>It is open.</summary>
    Active = 0,

    /// <summary>An administrator, or its owner's wish to leave, closed it.</summary>
    Disabled = 1,

    /// <summary>Wrong guesses keep it waiting, in one of its factors at least.</summary>
    Locked = 2,

    /// <summary>Whether its address is the person's is still to be seen.</summary>
    Unconfirmed = 3,

    /// <summary>It has neither an authenticator app nor a passkey.</summary>
    WithoutSecondFactor = 4,
}

/// <summary>What accounts are ordered by.</summary>
public enum AccountSort
{
    /// <summary>Their addresses.</summary>
    Address = 0,

    /// <summary>Their names, the family name first.</summary>
    Name = 1,

    /// <summary>When they were made.</summary>
    Created = 2,

    /// <summary>When their owners last signed in; those who never did come before all others.</summary>
    LastSignIn = 3,
}

/// <summary>An account in a list.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Address">Its address.</param>
/// <param name="IsAddressConfirmed">Whether the address is known to be the person's.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="DisabledAt">Since when it is closed, UTC; <see langword="null"/> while it is open.</param>
/// <param name="ErasureDueAt">From when it is erased, UTC; <see langword="null"/> if it is not to be.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="LastSignInAt">When the person last signed in, UTC.</param>
public sealed record AccountSummary(
    Guid Id,
    string Address,
    bool IsAddressConfirmed,
    string GivenName,
    string FamilyName,
    PortalRole Role,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? ErasureDueAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt)
{
    /// <summary>Whether wrong guesses keep it waiting, in one of its factors at least.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Whether it has an authenticator app or a passkey.</summary>
    public bool HasSecondFactor { get; init; }

    /// <summary>The person's name, or the address where there is none.</summary>
    public string DisplayName => PersonName.Of(GivenName, FamilyName, Address);
}

/// <summary>An account by itself.</summary>
/// <param name="Summary">What a list shows of it.</param>
/// <param name="Language">The language that the person chose.</param>
/// <param name="CustomFields">The custom values that are kept with it.</param>
/// <param name="HasPassword">Whether it has a password.</param>
/// <param name="IsPasswordChangeRequired">Whether the next right password leads to choosing a new one.</param>
/// <param name="Authenticators">How many authenticator apps it has.</param>
/// <param name="Passkeys">How many passkeys.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes.</param>
/// <param name="Sessions">How many live sessions, API keys included.</param>
/// <param name="IsLocked">Whether wrong guesses keep it waiting, in one of its factors at least.</param>
public sealed record AccountDetail(
    AccountSummary Summary,
    string? Language,
    IReadOnlyDictionary<string, string> CustomFields,
    bool HasPassword,
    bool IsPasswordChangeRequired,
    int Authenticators,
    int Passkeys,
    int RecoveryCodesLeft,
    int Sessions,
    bool IsLocked);

/// <summary>An account that an administrator makes.</summary>
/// <param name="Address">Its address.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="Password">A first password, to be replaced at the first sign-in; <see langword="null"/> where the person chooses it themselves, by link.</param>
public sealed record AccountToCreate(string? Address, string GivenName, string FamilyName, PortalRole Role, string? Password)
{
    /// <summary>Without the password: records print themselves into logs.</summary>
    public override string ToString() => nameof(AccountToCreate);
}

/// <summary>What became of something that an administrator does to an account. A closed family.</summary>
public abstract record AccountResult
{
    private AccountResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Account">How the account stands now.</param>
    public sealed record Done(AccountDetail Account) : AccountResult;

    /// <summary>The invitation is on its way.</summary>
    public sealed record Invited : AccountResult;

    /// <summary>The invitation was taken back.</summary>
    public sealed record Withdrawn : AccountResult;

    /// <summary>The tenant has no such account.</summary>
    public sealed record NotFound : AccountResult;

    /// <summary>It is the administrator's own account, which has its own pages.</summary>
    public sealed record OwnAccount : AccountResult;

    /// <summary>The person may do more than the administrator, or would then.</summary>
    public sealed record NotAllowed : AccountResult;

    /// <summary>Nobody could administer the tenant any more.</summary>
    public sealed record LastAdministrator : AccountResult;

    /// <summary>What was given cannot be an address.</summary>
    public sealed record AddressMalformed : AccountResult;

    /// <summary>There is an account with this address.</summary>
    public sealed record AddressTaken : AccountResult;

    /// <summary>So many mails went to this address within an hour that it gets no more.</summary>
    public sealed record TooManyMails : AccountResult;

    /// <summary>Names that cannot be so.</summary>
    /// <param name="Fields">Which.</param>
    public sealed record NamesNotAllowed(IReadOnlyList<FieldProblem> Fields) : AccountResult;

    /// <summary>The password breaks rules.</summary>
    /// <param name="Problems">Which.</param>
    public sealed record PasswordNotAllowed(IReadOnlyList<PasswordProblem> Problems) : AccountResult;

    /// <summary>The portal has more to do than it can: the same try works in a moment.</summary>
    public sealed record Busy : AccountResult;
}
