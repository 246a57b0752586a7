using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Visits;

namespace LoginPortal.Components.Administration.Policy;

/// <summary>Settings, what is wrong with them and what they mean, in words.</summary>
internal static class PolicyWords
{
    /// <summary>The settings that there are, by the last part of their name: the words of a field are <c>Administration.Policy.{name}</c>.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "DisplayName", "Languages", "Identification", "AllowPasskeys", "EmailCodeSignIn", "SecondFactor", "SecondFactorRequiredFrom", "SecondFactorMethods",
        "TrustedDeviceDays", "SessionLifetime", "SessionIdleTimeout", "AllowRememberedSessions", "RememberedSessionLifetime", "MinimumPasswordLength",
        "IsOpen", "AllowedDomains", "Names", "TermsVersion", "Captcha", "CustomFields", "AllowedOrigins", "RedirectUris",
    ];

    private static readonly string[] Durations = ["Policy.SessionLifetime", "Policy.SessionIdleTimeout", "Policy.RememberedSessionLifetime"];

    /// <summary>What a setting is called; its path where it has no name.</summary>
    public static string LabelOf(PortalText text, AuditDifference difference)
    {
        var name = Fields.FirstOrDefault(field => difference.Path.Split('.').Any(part => part.Equals(field, StringComparison.OrdinalIgnoreCase)));
        return name is null ? difference.Path : text[$"Administration.Policy.{name}"];
    }

    public static string Of(PortalText text, SettingsProblem problem) => text.Format(
        $"Administration.Settings.{problem.Code}", Limit(text, problem.Field, problem.Minimum), Limit(text, problem.Field, problem.Maximum));

    public static string Of(PortalText text, PolicyConsequence consequence) => text.Format(
        $"Administration.Consequence.{consequence.Kind}",
        Count(text, consequence.Count),
        Count(text, consequence.Of),
        consequence.Detail,
        consequence.At?.ToString("D", text.Culture) ?? "");

    private static string Count(PortalText text, int count) => count > PolicyConsequences.Most
        ? text.Format("Administration.Consequence.MoreThan", PolicyConsequences.Most.ToString("N0", text.Culture))
        : count.ToString("N0", text.Culture);

    /// <summary>A limit of a length of time comes in seconds.</summary>
    private static string Limit(PortalText text, string field, long? limit) => limit switch
    {
        null => "",
        { } number when !Durations.Contains(field, StringComparer.Ordinal) => number.ToString(text.Culture),
        >= 86400 and var seconds => text.Plural("Administration.Duration.Days", (int)(seconds / 86400)),
        { } seconds => text.Plural("Administration.Duration.Minutes", (int)(seconds / 60)),
    };
}
