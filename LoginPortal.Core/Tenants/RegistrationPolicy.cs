namespace LoginPortal.Core.Tenants;

/// <summary>Who may open an account in a tenant, and what they are asked for.</summary>
public sealed record RegistrationPolicy
{
    /// <summary>Whether anybody may. Default <see langword="false"/>: only those who are invited.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The e-mail domains that may, without subdomains. Default none, which means every domain. An invitation may go to any.</summary>
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>Whether given and family name are asked for. Default <see cref="FieldRequirement.Optional"/>.</summary>
    public FieldRequirement Names { get; init; } = FieldRequirement.Optional;

    /// <summary>
    /// The version of the terms of use that must be accepted, at most 32 characters; they are behind <see cref="Branding.TermsLink"/>.
    /// Default <see langword="null"/>: nothing is to be accepted.
    /// </summary>
    public string? TermsVersion { get; init; }

    /// <summary>How machines are kept from opening accounts. Default <see cref="CaptchaKind.ProofOfWork"/>.</summary>
    public CaptchaKind Captcha { get; init; } = CaptchaKind.ProofOfWork;

    /// <summary>Whether an address may open an account, by its domain.</summary>
    public bool AllowsDomainOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AllowedDomains.Count == 0 || AllowedDomains.Contains(address[(address.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>Whether a field is asked for.</summary>
public enum FieldRequirement
{
    /// <summary>It is not there.</summary>
    Hidden = 0,

    /// <summary>It may stay empty.</summary>
    Optional = 1,

    /// <summary>It must be filled in.</summary>
    Required = 2,
}

/// <summary>How machines are kept from opening accounts.</summary>
public enum CaptchaKind
{
    /// <summary>Not at all.</summary>
    Off = 0,

    /// <summary>The browser works for a moment. Nothing leaves the portal and nothing is asked of the person.</summary>
    ProofOfWork = 1,

    /// <summary>Cloudflare Turnstile, where the portal's operator has configured it.</summary>
    Turnstile = 2,

    /// <summary>hCaptcha, likewise.</summary>
    HCaptcha = 3,
}

/// <summary>Something that a tenant asks of a person beyond their name.</summary>
/// <param name="Key">What it is stored under: ASCII letters, digits and hyphens, at most 40; never shown.</param>
/// <param name="Kind">What it takes.</param>
public sealed record CustomField(string Key, CustomFieldKind Kind)
{
    /// <summary>The words above it, by culture name; the first is used for languages that are missing.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Whether it must be filled in. Default <see langword="false"/>.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The most characters of a text, 1 to 200. Default 200.</summary>
    public int MaximumLength { get; init; } = 200;

    /// <summary>What a <see cref="CustomFieldKind.Choice"/> can be chosen from.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The words above it in a language, or in its parent, or else in the first.</summary>
    public string LabelIn(System.Globalization.CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return Labels.TryGetValue(culture.Name, out var label) || Labels.TryGetValue(culture.TwoLetterISOLanguageName, out label)
            ? label
            : Labels.Values.FirstOrDefault(Key);
    }
}

/// <summary>What a custom field takes.</summary>
public enum CustomFieldKind
{
    /// <summary>A line of text.</summary>
    Text = 0,

    /// <summary>One of several given values.</summary>
    Choice = 1,
}
