using LoginPortal.Core.Accounts;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Components.Account;

/// <summary>What a person has typed of their profile.</summary>
internal sealed class ProfileInput
{
    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public string? Language { get; set; }

    public string? TimeZone { get; set; }

    public Dictionary<string, string?> CustomFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts with what is stored.</summary>
    public void Take(ProfileView shown)
    {
        (GivenName, FamilyName, Language, TimeZone) = (shown.GivenName, shown.FamilyName, shown.Language ?? "", shown.TimeZone ?? "");
        foreach (var (key, value) in shown.CustomFields)
        {
            CustomFields[key] = value;
        }
    }

    /// <summary>Starts with what was posted.</summary>
    public void Take(IFormCollection form, TenantPolicy policy)
    {
        (GivenName, FamilyName) = (form["given-name"], form["family-name"]);
        (Language, TimeZone) = (form.ContainsKey("language") ? form["language"].ToString() : null, form["time-zone"]);
        foreach (var field in policy.CustomFields)
        {
            CustomFields[field.Key] = form[RegistrationRules.NameOf(field)];
        }
    }

    public ProfileChange ToChange() => new()
    {
        GivenName = GivenName ?? "",
        FamilyName = FamilyName ?? "",
        Language = Language,
        TimeZone = TimeZone ?? "",
        CustomFields = CustomFields,
    };
}
