using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Administration;

/// <summary>Everything that administrators set for their tenant, beside its look.</summary>
/// <param name="DisplayName">What people call the organisation, at most <see cref="MaximumNameLength"/> characters.</param>
/// <param name="Policy">Its rules.</param>
/// <param name="AllowedOrigins">The origins whose scripts may call the JSON host and use passkeys, in alphabetical order.</param>
public sealed record TenantDocument(string DisplayName, TenantPolicy Policy, IReadOnlyList<string> AllowedOrigins)
{
    /// <summary>The longest name.</summary>
    public const int MaximumNameLength = 128;
}

/// <summary>A tenant's settings as they stand.</summary>
/// <param name="Slug">The name in its address.</param>
/// <param name="Hosts">Its own hosts that are verified, the one that links use first.</param>
/// <param name="Document">What can be set.</param>
/// <param name="Version">Stands for exactly this state: handed back with a change, it has the change refused if somebody else was faster.</param>
public sealed record TenantSettingsView(string Slug, IReadOnlyList<string> Hosts, TenantDocument Document, string Version);

/// <summary>Something that cannot be set so.</summary>
/// <param name="Field">The property, with those that it is in, joined by dots: <c>Policy.Registration.AllowedDomains</c>.</param>
/// <param name="Code">What is wrong.</param>
/// <param name="Minimum">The least that is allowed, for <see cref="SettingsProblemCode.OutOfRange"/>; durations in seconds.</param>
/// <param name="Maximum">The most that is allowed, likewise.</param>
public sealed record SettingsProblem(string Field, SettingsProblemCode Code, long? Minimum = null, long? Maximum = null);

/// <summary>What can be wrong with a setting.</summary>
public enum SettingsProblemCode
{
    /// <summary>It must be there.</summary>
    Missing = 0,

    /// <summary>It is too long, or has characters that cannot be shown on one line.</summary>
    NotText = 1,

    /// <summary>It is none of the values that there are.</summary>
    UnknownValue = 2,

    /// <summary>It is too small or too large.</summary>
    OutOfRange = 3,

    /// <summary>It is there twice.</summary>
    Duplicate = 4,

    /// <summary>There are too many.</summary>
    TooMany = 5,

    /// <summary>It is no absolute address that a browser may be sent to: HTTPS, HTTP on this machine, or an app's own scheme.</summary>
    NotAnAddress = 6,

    /// <summary>It is no origin: scheme and host, and a port where it is not the usual one.</summary>
    NotAnOrigin = 7,

    /// <summary>It is no domain.</summary>
    NotADomain = 8,

    /// <summary>A second factor is required, and none that people could set up is allowed.</summary>
    NoSecondFactorLeft = 9,

    /// <summary>A code by e-mail would stand for the password and for the second factor.</summary>
    EmailCodeTwice = 10,

    /// <summary>A date for what is not required.</summary>
    DateWithoutRequirement = 11,

    /// <summary>It would outlast the session that it is to end.</summary>
    LongerThanSession = 12,

    /// <summary>It would end before a session that is not remembered.</summary>
    ShorterThanSession = 13,

    /// <summary>Terms must be accepted, and the branding has no link to them.</summary>
    TermsWithoutLink = 14,

    /// <summary>The portal's operator has not configured it.</summary>
    NotConfigured = 15,
}

/// <summary>What became of a change of settings. A closed family.</summary>
public abstract record SettingsResult
{
    private SettingsResult()
    {
    }

    /// <summary>It is in force.</summary>
    /// <param name="Settings">How they stand now.</param>
    public sealed record Saved(TenantSettingsView Settings) : SettingsResult;

    /// <summary>Something cannot be so; nothing has changed.</summary>
    /// <param name="Problems">Everything that is wrong.</param>
    public sealed record Refused(IReadOnlyList<SettingsProblem> Problems) : SettingsResult;

    /// <summary>Somebody else changed them meanwhile; nothing has changed now.</summary>
    /// <param name="Settings">How they stand.</param>
    public sealed record ChangedMeanwhile(TenantSettingsView Settings) : SettingsResult;
}
