using LoginPortal.Core.SignIn;

namespace LoginPortal.Core.Tenants;

/// <summary>The rules of a tenant, kept as one JSON document so that a new rule needs no new column.</summary>
public sealed record TenantPolicy
{
    /// <summary>How a person says who they are. Default: address first, password on the next step.</summary>
    public IdentificationLayout Identification { get; init; } = IdentificationLayout.TwoSteps;

    /// <summary>Whether a second factor is asked for. Default <see cref="SecondFactorRequirement.Optional"/>.</summary>
    public SecondFactorRequirement SecondFactor { get; init; } = SecondFactorRequirement.Optional;

    /// <summary>
    /// From when <see cref="SecondFactorRequirement.Required"/> is enforced, UTC; before it, people only see the date.
    /// <see langword="null"/>: at once.
    /// </summary>
    public DateTimeOffset? SecondFactorRequiredFrom { get; init; }

    /// <summary>
    /// The second factors that count, beside passkeys. Default: an authenticator app. A code by e-mail proves little beyond what resets the password,
    /// so it counts only where a tenant adds it.
    /// </summary>
    public IReadOnlyList<SecondFactorMethod> SecondFactorMethods { get; init; } = [SecondFactorMethod.Totp];

    /// <summary>
    /// Whether people may add passkeys, sign in with them and use them as their second factor. Default <see langword="true"/>. A passkey that
    /// signs in alone has checked who the person is, and so satisfies a required second factor.
    /// </summary>
    public bool AllowPasskeys { get; init; } = true;

    /// <summary>How many days a browser may be trusted to leave out the second factor; 0 for never. Default 30.</summary>
    public int TrustedDeviceDays { get; init; } = 30;

    /// <summary>How long a session lives whatever happens in it. Default 24 hours.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a session lives without a request. Default 1 hour.</summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a remembered session lives, idle or not. Default 30 days.</summary>
    public TimeSpan RememberedSessionLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether "keep me signed in" is offered. Default <see langword="true"/>.</summary>
    public bool AllowRememberedSessions { get; init; } = true;

    /// <summary>
    /// The tenant's own minimum password length in code points; it can raise the portal's minimum (see
    /// <see cref="MinimumPasswordLengthAt"/>), never lower it. Default <see langword="null"/>.
    /// </summary>
    public int? MinimumPasswordLength { get; init; }

    /// <summary>The languages offered, as culture names, the default first. Default English, German.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en", "de"];

    /// <summary>Who may open an account, and what they are asked for. Default: only those who are invited.</summary>
    public RegistrationPolicy Registration { get; init; } = new();

    /// <summary>What the tenant asks of a person beyond their name. Default nothing.</summary>
    public IReadOnlyList<CustomField> CustomFields { get; init; } = [];

    /// <summary>
    /// Whether a code by e-mail can stand for the password. Default <see langword="false"/>: it makes an account exactly as safe as its mailbox.
    /// </summary>
    public bool EmailCodeSignIn { get; init; }

    /// <summary>
    /// The absolute addresses that a client of the JSON host may be sent back to; the first is where those go that named none. Default none.
    /// </summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Whether a sign-in at <paramref name="now"/> needs a second factor.</summary>
    public bool RequiresSecondFactorAt(DateTimeOffset now) =>
        SecondFactor == SecondFactorRequirement.Required && (SecondFactorRequiredFrom is not { } from || now >= from);

    /// <summary>
    /// The shortest password accepted at <paramref name="now"/>, in code points: 15 where a password can be the only
    /// factor, 8 where a second one is mandatory (NIST SP 800-63B-4, 3.1.1.2), or the tenant's own if that is more.
    /// </summary>
    public int MinimumPasswordLengthAt(DateTimeOffset now) =>
        Math.Max(RequiresSecondFactorAt(now) ? 8 : 15, MinimumPasswordLength ?? 0);
}

/// <summary>How a person says who they are.</summary>
public enum IdentificationLayout
{
    /// <summary>The address first, the password on the next step.</summary>
    TwoSteps = 0,

    /// <summary>Address and password together.</summary>
    OnePage = 1,
}

/// <summary>Whether a second factor is asked for.</summary>
public enum SecondFactorRequirement
{
    /// <summary>Never.</summary>
    Off = 0,

    /// <summary>From people who have set one up.</summary>
    Optional = 1,

    /// <summary>From everybody, from the tenant's date on.</summary>
    Required = 2,
}
