using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Registration;

/// <summary>A person as they described themselves, their password hashed.</summary>
internal sealed record RegistrationContent(
    string PasswordHash,
    string GivenName,
    string FamilyName,
    IReadOnlyDictionary<string, string> CustomFields,
    string? TermsVersion)
{
    /// <summary>What of a checked form is kept: no names where the tenant asks for none.</summary>
    public static RegistrationContent Of(RegistrationForm form, TenantPolicy policy, string hash)
    {
        var hasNames = policy.Registration.Names != FieldRequirement.Hidden;
        return new RegistrationContent(
            hash,
            hasNames ? form.GivenName?.Trim() ?? "" : "",
            hasNames ? form.FamilyName?.Trim() ?? "" : "",
            RegistrationRules.CustomValuesOf(form),
            policy.Registration.TermsVersion);
    }

    /// <summary>The account, not stored yet.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="address">Its address.</param>
    /// <param name="role">What the person may do.</param>
    /// <param name="flowId">The flow in which they opened it themselves, with the address still to be confirmed; <see langword="null"/> if they were invited.</param>
    /// <param name="now">When they gave all this, UTC: the password and the terms date from then.</param>
    public PortalUser CreateUser(Guid id, Guid tenantId, string address, PortalRole role, Guid? flowId, DateTimeOffset now) => new()
    {
        Id = id,
        TenantId = tenantId,
        UserName = address,
        NormalizedUserName = EmailAddress.Normalize(address),
        Email = address,
        NormalizedEmail = EmailAddress.Normalize(address),
        EmailConfirmed = flowId is null,
        PasswordHash = PasswordHash,
        GivenName = GivenName,
        FamilyName = FamilyName,
        CustomFields = CustomFields,
        AcceptedTermsVersion = TermsVersion,
        AcceptedTermsAt = TermsVersion is null ? null : now,
        Role = role,
        RegistrationFlowId = flowId,
        SecurityStamp = Secret.Create(),
        PasswordChangedAt = now,
        CreatedAt = now,
    };
}
