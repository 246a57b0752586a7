namespace LoginPortal.Core.Accounts;

/// <summary>What a person sees of their own account.</summary>
/// <param name="Id">Their identifier.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailConfirmed">Whether it is known to be theirs.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Language">The language they chose; <see langword="null"/> for none.</param>
/// <param name="Role">What they may do.</param>
/// <param name="CreatedAt">When the account was made, UTC.</param>
/// <param name="LastSignInAt">When they last signed in, UTC.</param>
public sealed record PersonProfile(
    Guid Id,
    string Email,
    bool EmailConfirmed,
    string GivenName,
    string FamilyName,
    string? Language,
    PortalRole Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt)
{
    /// <summary>The name to greet them by: the address where there is no other.</summary>
    public string DisplayName => PersonName.Of(GivenName, FamilyName, Email);
}
