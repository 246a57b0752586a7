using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.Registration;

/// <summary>What a tenant asks of somebody who opens an account, whichever way they come.</summary>
public sealed class RegistrationRules(PasswordRules passwords)
{
    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaximumNameLength = 100;

    /// <summary>The most custom values that are kept with an account, those that the tenant does not ask for included.</summary>
    public const int MaximumCustomValues = 20;

    /// <summary>The most bytes that they have together, as JSON in UTF-8.</summary>
    public const int MaximumCustomBytes = 4 * 1024;

    private const int MaximumKeyLength = 100;

    /// <summary>The name of a custom field in a form.</summary>
    public static string NameOf(CustomField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return $"field-{field.Key}";
    }

    /// <summary>Everything that is wrong, together; <see langword="null"/> if nothing is.</summary>
    /// <param name="form">What was given.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="invitedAddress">The address that was invited, which then is the one; else <see langword="null"/>.</param>
    public RegistrationResult.Refused? Check(RegistrationForm form, TenantProfile tenant, string? invitedAddress)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(tenant);
        var policy = tenant.Policy;
        var address = invitedAddress ?? form.Address?.Trim();
        List<FieldProblem?> problems =
        [
            invitedAddress is null ? CheckAddress(address, policy.Registration) : null,
            CheckText("given-name", form.GivenName, policy.Registration.Names, MaximumNameLength),
            CheckText("family-name", form.FamilyName, policy.Registration.Names, MaximumNameLength),
            .. policy.CustomFields.Select(field => CheckCustom(field, form.CustomFields.GetValueOrDefault(field.Key))),
            .. CheckAdditional(form, policy),
            policy.Registration.TermsVersion is not null && !form.AcceptsTerms ? new FieldProblem("terms", FieldProblemKind.Missing) : null,
        ];
        var password = passwords.Check(form.Password, tenant, [address ?? "", form.GivenName ?? "", form.FamilyName ?? ""]);
        List<FieldProblem> found = [.. problems.OfType<FieldProblem>()];
        return found.Count == 0 && password.Count == 0 ? null : new RegistrationResult.Refused(found, password);
    }

    /// <summary>
    /// The custom values that were filled in, by their keys. A page asks for the tenant's own fields alone; a client may send more of what its
    /// organisation wants to keep.
    /// </summary>
    public static IReadOnlyDictionary<string, string> CustomValuesOf(RegistrationForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.CustomFields
            .Select(field => (field.Key, Value: field.Value?.Trim()))
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
    }

    private static FieldProblem? CheckAddress(string? address, RegistrationPolicy policy) => address switch
    {
        null or "" => new FieldProblem("username", FieldProblemKind.AddressMalformed),
        _ when !EmailAddress.IsWellFormed(address) => new FieldProblem("username", FieldProblemKind.AddressMalformed),
        _ when !policy.AllowsDomainOf(address) => new FieldProblem("username", FieldProblemKind.DomainNotAllowed),
        _ => null,
    };

    /// <summary>What is wrong with the value of a custom field; <see langword="null"/> if nothing is.</summary>
    internal static FieldProblem? CheckCustom(CustomField field, string? typed)
    {
        var value = typed?.Trim();
        return CheckText(NameOf(field), value, field.IsRequired ? FieldRequirement.Required : FieldRequirement.Optional, field.MaximumLength)
            ?? (field.Kind == CustomFieldKind.Choice && !string.IsNullOrEmpty(value) && !field.Choices.Contains(value, StringComparer.Ordinal)
                ? new FieldProblem(NameOf(field), FieldProblemKind.Invalid)
                : null);
    }

    /// <summary>What is wrong with values that the tenant does not ask for: with one of them, or with all together.</summary>
    private static IEnumerable<FieldProblem> CheckAdditional(RegistrationForm form, TenantPolicy policy)
    {
        var asked = policy.CustomFields.Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in form.CustomFields.Where(field => !asked.Contains(field.Key)))
        {
            if (key.Length is 0 or > MaximumKeyLength || !PlainText.IsOneLine(key) || !PlainText.IsOneLine(value ?? ""))
            {
                yield return new FieldProblem($"field-{key}", FieldProblemKind.Invalid);
            }
        }

        if (form.CustomFields.Count > MaximumCustomValues
            || JsonSerializer.SerializeToUtf8Bytes(form.CustomFields).Length > MaximumCustomBytes)
        {
            yield return new FieldProblem("field-", FieldProblemKind.Invalid);
        }
    }

    /// <summary>What is wrong with a line of text; <see langword="null"/> if nothing is.</summary>
    internal static FieldProblem? CheckText(string name, string? text, FieldRequirement requirement, int maximumLength)
    {
        var trimmed = text?.Trim() ?? "";
        return requirement switch
        {
            FieldRequirement.Hidden => null,
            FieldRequirement.Required when trimmed.Length == 0 => new FieldProblem(name, FieldProblemKind.Missing),
            _ when trimmed.Length > maximumLength || !PlainText.IsOneLine(trimmed) => new FieldProblem(name, FieldProblemKind.Invalid),
            _ => null,
        };
    }
}
