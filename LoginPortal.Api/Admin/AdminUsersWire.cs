using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;

namespace LoginPortal.Api.Admin;

/// <summary>A page of a list.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="NextCursor">What to ask for the next page with, as <c>cursor</c>; <see langword="null"/> after the last.</param>
internal sealed record AdminPage<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A person in a list.</summary>
/// <param name="Id">Their identifier.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailVerified">Whether it is known to be theirs.</param>
/// <param name="FirstName">Given name; may be empty.</param>
/// <param name="LastName">Family name; may be empty.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Status"><c>active</c>, <c>disabled</c> or <c>deletion_scheduled</c>.</param>
/// <param name="DeletedFrom">From when the account is deleted, UTC; <see langword="null"/> if it is not to be.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="LastSignInAt">When they last signed in, UTC.</param>
internal sealed record AdminUserResponse(
    string Id,
    string Email,
    bool EmailVerified,
    string FirstName,
    string LastName,
    PortalRole Role,
    string Status,
    DateTimeOffset? DeletedFrom,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt)
{
    public static AdminUserResponse Of(AccountSummary account) => new(
        account.Id.ToString(),
        account.Address,
        account.IsAddressConfirmed,
        account.GivenName,
        account.FamilyName,
        account.Role,
        account.ErasureDueAt is not null ? "deletion_scheduled" : account.DisabledAt is not null ? "disabled" : "active",
        account.ErasureDueAt,
        account.CreatedAt,
        account.LastSignInAt);
}

/// <summary>A person by themselves.</summary>
/// <param name="User">What a list shows of them.</param>
/// <param name="Locale">The language they chose.</param>
/// <param name="CustomData">The custom values that are kept with the account.</param>
/// <param name="HasPassword">Whether the account has a password.</param>
/// <param name="PasswordChangeRequired">Whether the next right password leads to choosing a new one.</param>
/// <param name="Authenticators">How many authenticator apps it has.</param>
/// <param name="Passkeys">How many passkeys.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes.</param>
/// <param name="Sessions">How many live sessions, API keys included.</param>
/// <param name="Locked">Whether wrong guesses keep the person waiting.</param>
internal sealed record AdminUserDetailResponse(
    AdminUserResponse User,
    string? Locale,
    IReadOnlyDictionary<string, string> CustomData,
    bool HasPassword,
    bool PasswordChangeRequired,
    int Authenticators,
    int Passkeys,
    int RecoveryCodesLeft,
    int Sessions,
    bool Locked)
{
    public static AdminUserDetailResponse Of(AccountDetail account) => new(
        AdminUserResponse.Of(account.Summary),
        account.Language,
        account.CustomFields,
        account.HasPassword,
        account.IsPasswordChangeRequired,
        account.Authenticators,
        account.Passkeys,
        account.RecoveryCodesLeft,
        account.Sessions,
        account.IsLocked);
}

/// <summary>Make an account for somebody.</summary>
internal sealed record AdminUserCreateRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    [Description("member (the default), tenant_administrator; platform_operator in the platform's own tenant alone.")]
    public string? Role { get; init; }

    [Format("password"), Description("A first password, to be replaced at the first sign-in. Without it the person chooses one by the link of a forgotten password.")]
    public string? Password { get; init; }
}

/// <summary>Invite somebody.</summary>
internal sealed record AdminInviteRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    [Description("member (the default), tenant_administrator; platform_operator in the platform's own tenant alone.")]
    public string? Role { get; init; }
}

/// <summary>Let a person do more or less.</summary>
internal sealed record AdminRoleRequest
{
    [Required, Description("member, tenant_administrator; platform_operator in the platform's own tenant alone.")]
    public string? Role { get; init; }
}
