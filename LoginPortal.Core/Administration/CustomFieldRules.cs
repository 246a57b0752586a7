using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.Administration;

/// <summary>What a tenant may ask of people beyond their name.</summary>
internal static class CustomFieldRules
{
    private const string Field = "Policy.CustomFields";
    private const int MaximumKeyLength = 40;
    private const int MaximumLabelLength = 100;
    private const int MaximumValueLength = 200;

    public static IEnumerable<SettingsProblem> Check(IReadOnlyList<CustomField?> fields)
    {
        if (fields.Count > RegistrationRules.MaximumCustomValues)
        {
            yield return new SettingsProblem(Field, SettingsProblemCode.TooMany, Maximum: RegistrationRules.MaximumCustomValues);
        }

        if (fields.Where(field => field is not null).DistinctBy(field => field!.Key, StringComparer.Ordinal).Count() < fields.Count(field => field is not null))
        {
            yield return new SettingsProblem(Field, SettingsProblemCode.Duplicate);
        }

        for (var index = 0; index < fields.Count; index++)
        {
            var at = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Field}.{index}");
            foreach (var problem in fields[index] is { } field ? Check(at, field) : [new SettingsProblem(at, SettingsProblemCode.Missing)])
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<SettingsProblem> Check(string at, CustomField field)
    {
        if (field.Key is not { Length: > 0 and <= MaximumKeyLength } || !field.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return new SettingsProblem($"{at}.Key", SettingsProblemCode.NotText);
        }

        foreach (var problem in TenantSettingsRules.Known($"{at}.Kind", field.Kind)
            .Concat(TenantSettingsRules.Range($"{at}.MaximumLength", field.MaximumLength, 1, MaximumValueLength)))
        {
            yield return problem;
        }

        if (field.Labels is not { Count: > 0 })
        {
            yield return new SettingsProblem($"{at}.Labels", SettingsProblemCode.Missing);
        }
        else if (field.Labels.Keys.Any(language => !TextCatalog.Languages.Contains(language)))
        {
            yield return new SettingsProblem($"{at}.Labels", SettingsProblemCode.UnknownValue);
        }
        else if (field.Labels.Values.Any(label => !TenantSettingsRules.IsText(label, MaximumLabelLength)))
        {
            yield return new SettingsProblem($"{at}.Labels", SettingsProblemCode.NotText);
        }

        foreach (var problem in CheckChoices($"{at}.Choices", field))
        {
            yield return problem;
        }
    }

    private static IEnumerable<SettingsProblem> CheckChoices(string at, CustomField field)
    {
        var choices = field.Choices ?? [];
        if (field.Kind == CustomFieldKind.Choice && choices.Count == 0)
        {
            yield return new SettingsProblem(at, SettingsProblemCode.Missing);
        }

        if (choices.Count > TenantSettingsRules.MaximumEntries)
        {
            yield return new SettingsProblem(at, SettingsProblemCode.TooMany, Maximum: TenantSettingsRules.MaximumEntries);
        }

        if (choices.Any(choice => !TenantSettingsRules.IsText(choice, field.MaximumLength)))
        {
            yield return new SettingsProblem(at, SettingsProblemCode.NotText);
        }

        if (choices.Distinct(StringComparer.Ordinal).Count() != choices.Count)
        {
            yield return new SettingsProblem(at, SettingsProblemCode.Duplicate);
        }
    }
}
