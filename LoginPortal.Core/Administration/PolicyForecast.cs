namespace LoginPortal.Core.Administration;

/// <summary>What settings that are thought of would come to.</summary>
/// <param name="Problems">What keeps them from being saved.</param>
/// <param name="Consequences">What they would mean.</param>
public sealed record PolicyForecast(IReadOnlyList<SettingsProblem> Problems, IReadOnlyList<PolicyConsequence> Consequences);

/// <summary>What a setting would mean for people.</summary>
/// <param name="Field">The setting, as in <see cref="SettingsProblem"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How many it concerns; more than <see cref="PolicyConsequences.Most"/> where counting stopped.</param>
/// <param name="Of">Of how many, likewise.</param>
/// <param name="Detail">A value that belongs to it: a length, a language, domains.</param>
public sealed record PolicyConsequence(string Field, PolicyConsequenceKind Kind, int Count = 0, int Of = 0, string Detail = "")
{
    /// <summary>From when it holds, UTC; <see langword="null"/> for at once.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>What settings can mean for people.</summary>
public enum PolicyConsequenceKind
{
    /// <summary>People who have a second factor, and are not asked for it.</summary>
    SecondFactorOff = 0,

    /// <summary>People who have a second factor, and are asked for it.</summary>
    SecondFactorOptional = 1,

    /// <summary>People who must set one up when they next sign in.</summary>
    SecondFactorNow = 2,

    /// <summary>People who must from a date on.</summary>
    SecondFactorFrom = 3,

    /// <summary>People whose authenticator apps no longer count.</summary>
    AuthenticatorsIdle = 4,

    /// <summary>Trusted browsers that are asked again.</summary>
    TrustedDevicesAsked = 5,

    /// <summary>People whose passkeys no longer count.</summary>
    PasskeysIdle = 6,

    /// <summary>Those among them who have no password.</summary>
    PasskeysOnly = 7,

    /// <summary>People whose account is as safe as their mailbox.</summary>
    EmailCodeSignIn = 8,

    /// <summary>People without password and passkey, who sign in by code alone.</summary>
    EmailCodeOnly = 9,

    /// <summary>People who chose a language that is no longer offered.</summary>
    LanguageGone = 10,

    /// <summary>Sessions that stay as long as they were to.</summary>
    SessionsStay = 11,

    /// <summary>Remembered sessions, likewise.</summary>
    RememberedSessionsStay = 12,

    /// <summary>People with a password whose length nobody knows.</summary>
    PasswordLength = 13,

    /// <summary>Nobody opens an account uninvited.</summary>
    RegistrationClosed = 14,

    /// <summary>Anybody does.</summary>
    RegistrationOpen = 15,

    /// <summary>Anybody with an address of some domains does.</summary>
    RegistrationOfDomains = 16,

    /// <summary>People whose address is outside those domains.</summary>
    OutsideDomains = 17,

    /// <summary>People who have not accepted this version of the terms.</summary>
    TermsNotAsked = 18,

    /// <summary>Nothing keeps machines from opening accounts.</summary>
    Machines = 19,
}
