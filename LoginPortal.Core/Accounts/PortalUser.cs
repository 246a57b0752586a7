using System.Globalization;
using System.Text;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;

namespace LoginPortal.Core.Accounts;

/// <summary>A person in one tenant. The same address in another tenant is another person.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>The longest name in the form in which it is searched, in characters; what is beyond it is not found.</summary>
    public const int MaximumSearchLength = 250;

    private string _givenName = "";
    private string _familyName = "";

    /// <summary>The tenant the person belongs to; never changes.</summary>
    public Guid TenantId { get; init; }

    /// <summary>The tenant itself.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>Given name; may be empty.</summary>
    public string GivenName
    {
        get => _givenName;
        set
        {
            _givenName = value;
            WriteSearchNames();
        }
    }

    /// <summary>Family name; may be empty.</summary>
    public string FamilyName
    {
        get => _familyName;
        set
        {
            _familyName = value;
            WriteSearchNames();
        }
    }

    /// <summary>Given and family name in the form in which they are searched, <see cref="SearchFormOf"/>.</summary>
    public string SearchName { get; private set; } = "";

    /// <summary>The same with the family name first.</summary>
    public string SearchNameReversed { get; private set; } = "";

    /// <summary>The language that the person chose, as a culture name; <see langword="null"/> follows the browser.</summary>
    public string? Language { get; set; }

    /// <summary>The time zone that the person's times are shown in, an identifier of the IANA database; <see langword="null"/> for UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>What the person may do in the portal beyond signing in.</summary>
    public PortalRole Role { get; set; }

    /// <summary>When the account was disabled, UTC; <see langword="null"/> while it may sign in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>
    /// When it was decided that the account goes, UTC; <see langword="null"/> while nobody has. <see cref="DisabledAt"/> is the same instant, so that
    /// taking the decision back opens the account again, unless somebody disabled it before or since.
    /// </summary>
    public DateTimeOffset? ErasureRequestedAt { get; set; }

    /// <summary>From when everything that is held about the person is erased, UTC; see <see cref="AccountErasure"/>.</summary>
    public DateTimeOffset? ErasureDueAt { get; set; }

    /// <summary>Whether the next right password leads to choosing a new one.</summary>
    public bool PasswordChangeRequired { get; set; }

    /// <summary>When the password was last set, UTC.</summary>
    public DateTimeOffset? PasswordChangedAt { get; set; }

    /// <summary>The last step of an authenticator app that was accepted; no step up to it is accepted again.</summary>
    public long? LastTotpStep { get; set; }

    /// <summary>The second factor that the person used last.</summary>
    public SecondFactorMethod? LastSecondFactor { get; set; }

    /// <summary>When the person last signed in, UTC.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>The values of the tenant's <see cref="TenantPolicy.CustomFields"/>, by their keys, and what a client gave beside them.</summary>
    public IReadOnlyDictionary<string, string> CustomFields { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The version of the terms of use that the person accepted; <see langword="null"/> if they were never asked.</summary>
    public string? AcceptedTermsVersion { get; set; }

    /// <summary>When they accepted it, UTC.</summary>
    public DateTimeOffset? AcceptedTermsAt { get; set; }

    /// <summary>
    /// The flow in which the person opened the account and chose the present password; <see langword="null"/> if it was made for them, or the
    /// password has been changed since.
    /// </summary>
    public Guid? RegistrationFlowId { get; set; }

    /// <summary>When the account was created, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name to greet the person by: given and family name, or the address where both are empty.</summary>
    public string DisplayName => PersonName.Of(GivenName, FamilyName, Email);

    /// <summary>A name without case and accents, with single spaces: in this form names are compared when somebody searches for one.</summary>
    public static string SearchFormOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // Halves of characters, which nothing can be normalized with, become replacement characters on the way.
        var whole = string.Concat(name.EnumerateRunes());
        var plain = string.Concat(whole.Normalize(NormalizationForm.FormD)
            .Where(character => CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark));
        var form = string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Normalize(NormalizationForm.FormC)
            .ToUpperInvariant();
        return form.Length <= MaximumSearchLength ? form : form[..(char.IsHighSurrogate(form[MaximumSearchLength - 1]) ? MaximumSearchLength - 1 : MaximumSearchLength)];
    }

    private void WriteSearchNames()
    {
        SearchName = SearchFormOf($"{_givenName} {_familyName}");
        SearchNameReversed = SearchFormOf($"{_familyName} {_givenName}");
    }
}

/// <summary>What a person may do in the portal beyond signing in.</summary>
public enum PortalRole
{
    /// <summary>Nothing beyond their own account.</summary>
    Member = 0,

    /// <summary>Administers the tenant they belong to.</summary>
    TenantAdministrator = 1,

    /// <summary>Operates the portal: creates, suspends and deletes tenants. Exists only in the platform tenant.</summary>
    PlatformOperator = 2,
}
