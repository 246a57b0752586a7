using System.ComponentModel;
using System.Text.Json;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>The rules of a tenant.</summary>
/// <param name="Policy">The rules.</param>
/// <param name="Version">Stands for exactly this state; handed back with a change, it has the change refused if somebody was faster.</param>
internal sealed record AdminPolicyResponse(AdminPolicy Policy, string Version);

/// <summary>The rules of a tenant. Durations are in seconds.</summary>
internal record AdminPolicy
{
    private static readonly TenantPolicy Default = new();

    [Description("two_steps: the address first, then the password. one_page: both together.")]
    public IdentificationLayout Identification { get; init; } = Default.Identification;

    [Description("off, optional (from people who have set one up) or required.")]
    public SecondFactorRequirement SecondFactor { get; init; } = Default.SecondFactor;

    [Description("From when required is enforced, UTC; before it, people see the date. Null: at once.")]
    public DateTimeOffset? SecondFactorRequiredFrom { get; init; } = Default.SecondFactorRequiredFrom;

    [Description("The second factors that count, beside passkeys: totp, email_code.")]
    public IReadOnlyList<SecondFactorMethod> SecondFactorMethods { get; init; } = Default.SecondFactorMethods;

    [Description("Whether people may add passkeys and sign in with them.")]
    public bool AllowPasskeys { get; init; } = Default.AllowPasskeys;

    [Description("How many days a browser may be trusted to leave out the second factor, 0 to 365.")]
    public int TrustedDeviceDays { get; init; } = Default.TrustedDeviceDays;

    [Description("How long a session lives whatever happens in it.")]
    public long SessionLifetime { get; init; } = (long)Default.SessionLifetime.TotalSeconds;

    [Description("How long a session lives without a request.")]
    public long SessionIdleTimeout { get; init; } = (long)Default.SessionIdleTimeout.TotalSeconds;

    [Description("How long a remembered session lives.")]
    public long RememberedSessionLifetime { get; init; } = (long)Default.RememberedSessionLifetime.TotalSeconds;

    [Description("Whether staying signed in is offered.")]
    public bool AllowRememberedSessions { get; init; } = Default.AllowRememberedSessions;

    [Description("The tenant's own minimum in characters, 8 to 64; it can raise the portal's, never lower it.")]
    public int? MinimumPasswordLength { get; init; } = Default.MinimumPasswordLength;

    [Description("The languages offered, the default first.")]
    public IReadOnlyList<string> Languages { get; init; } = Default.Languages;

    [Description("Who may open an account, and what they are asked for.")]
    public AdminRegistrationPolicy Registration { get; init; } = new();

    [Description("What is asked of a person beyond their name.")]
    public IReadOnlyList<AdminCustomField?> CustomFields { get; init; } = [];

    [Description("Whether a code by e-mail can stand for the password.")]
    public bool EmailCodeSignIn { get; init; } = Default.EmailCodeSignIn;

    [Description("The addresses that clients may be sent back to; the first is the default.")]
    public IReadOnlyList<string> RedirectUris { get; init; } = Default.RedirectUris;

    public static AdminPolicy Of(TenantPolicy policy) => Fill(new AdminPolicy(), policy);

    protected static T Fill<T>(T empty, TenantPolicy policy)
        where T : AdminPolicy => empty with
        {
            Identification = policy.Identification,
            SecondFactor = policy.SecondFactor,
            SecondFactorRequiredFrom = policy.SecondFactorRequiredFrom,
            SecondFactorMethods = policy.SecondFactorMethods,
            AllowPasskeys = policy.AllowPasskeys,
            TrustedDeviceDays = policy.TrustedDeviceDays,
            SessionLifetime = (long)policy.SessionLifetime.TotalSeconds,
            SessionIdleTimeout = (long)policy.SessionIdleTimeout.TotalSeconds,
            RememberedSessionLifetime = (long)policy.RememberedSessionLifetime.TotalSeconds,
            AllowRememberedSessions = policy.AllowRememberedSessions,
            MinimumPasswordLength = policy.MinimumPasswordLength,
            Languages = policy.Languages,
            Registration = new AdminRegistrationPolicy
            {
                Open = policy.Registration.IsOpen,
                AllowedDomains = policy.Registration.AllowedDomains,
                Names = policy.Registration.Names,
                TermsVersion = policy.Registration.TermsVersion,
                Captcha = policy.Registration.Captcha,
            },
            CustomFields = [.. policy.CustomFields.Select(AdminCustomField.Of)],
            EmailCodeSignIn = policy.EmailCodeSignIn,
            RedirectUris = policy.RedirectUris,
        };
}

/// <summary>Change rules: what is left out stays, <c>null</c> is the default again.</summary>
internal sealed record AdminPolicyPatch : AdminPolicy
{
    /// <summary>More than any duration can be; only then could seconds not be told as one.</summary>
    private const long MostSeconds = 100L * 366 * 24 * 60 * 60;

    [Description("From the rules that were read; the change is refused if they are others by now. Without it, the last change counts.")]
    public string? Version { get; init; }

    public static new AdminPolicyPatch Of(TenantPolicy policy) => Fill(new AdminPolicyPatch(), policy);

    /// <summary>The rules as Core has them.</summary>
    /// <exception cref="JsonException">A list has no list in it.</exception>
    public TenantPolicy ToPolicy() => new()
    {
        Identification = Identification,
        SecondFactor = SecondFactor,
        SecondFactorRequiredFrom = SecondFactorRequiredFrom?.ToUniversalTime(),
        SecondFactorMethods = SecondFactorMethods,
        AllowPasskeys = AllowPasskeys,
        TrustedDeviceDays = TrustedDeviceDays,
        SessionLifetime = DurationOf(SessionLifetime),
        SessionIdleTimeout = DurationOf(SessionIdleTimeout),
        RememberedSessionLifetime = DurationOf(RememberedSessionLifetime),
        AllowRememberedSessions = AllowRememberedSessions,
        MinimumPasswordLength = MinimumPasswordLength,
        Languages = Languages,
        Registration = new RegistrationPolicy
        {
            IsOpen = Registration.Open,
            AllowedDomains = Registration.AllowedDomains,
            Names = Registration.Names,
            TermsVersion = Registration.TermsVersion,
            Captcha = Registration.Captcha,
        },
        CustomFields = [.. CustomFields.Select(field => field?.ToField()!)],
        EmailCodeSignIn = EmailCodeSignIn,
        RedirectUris = RedirectUris,
    };

    private static TimeSpan DurationOf(long seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, -1, MostSeconds));
}

/// <summary>Who may open an account, and what they are asked for.</summary>
internal sealed record AdminRegistrationPolicy
{
    private static readonly RegistrationPolicy Default = new();

    [Description("Whether anybody may; else only those who are invited.")]
    public bool Open { get; init; } = Default.IsOpen;

    [Description("The e-mail domains that may; none for every domain.")]
    public IReadOnlyList<string> AllowedDomains { get; init; } = Default.AllowedDomains;

    [Description("Whether given and family name are asked for: hidden, optional or required.")]
    public FieldRequirement Names { get; init; } = Default.Names;

    [Description("The version of the terms of use that must be accepted.")]
    public string? TermsVersion { get; init; } = Default.TermsVersion;

    [Description("How machines are kept from opening accounts: off, proof_of_work, turnstile or h_captcha.")]
    public CaptchaKind Captcha { get; init; } = Default.Captcha;
}

/// <summary>Something that is asked of a person beyond their name.</summary>
internal sealed record AdminCustomField
{
    [Description("What it is stored under: ASCII letters, digits and hyphens, at most 40.")]
    public string? Key { get; init; }

    [Description("text or choice.")]
    public CustomFieldKind Kind { get; init; }

    [Description("The words above it, by language.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Whether it must be filled in.")]
    public bool Required { get; init; }

    [Description("The most characters of a text, 1 to 200.")]
    public int MaximumLength { get; init; } = 200;

    [Description("What a choice can be chosen from.")]
    public IReadOnlyList<string> Choices { get; init; } = [];

    public static AdminCustomField Of(CustomField field) => new()
    {
        Key = field.Key,
        Kind = field.Kind,
        Labels = field.Labels,
        Required = field.IsRequired,
        MaximumLength = field.MaximumLength,
        Choices = field.Choices,
    };

    public CustomField ToField() => new(Key ?? "", Kind)
    {
        Labels = Labels ?? new Dictionary<string, string>(StringComparer.Ordinal),
        IsRequired = Required,
        MaximumLength = MaximumLength,
        Choices = Choices ?? [],
    };
}
