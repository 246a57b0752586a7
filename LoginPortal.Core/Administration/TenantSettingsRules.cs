using LoginPortal.Core.Captcha;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.Administration;

/// <summary>What a tenant's settings can be: each by itself, and what one means for another. Nothing that locks people out without saying so.</summary>
public sealed class TenantSettingsRules(IEnumerable<ICaptchaVerifier> captchas)
{
    /// <summary>The most entries of a list.</summary>
    public const int MaximumEntries = 100;

    private const int MaximumTermsVersion = 32;

    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestRemembered = TimeSpan.FromDays(365);

    /// <summary>Everything that is wrong, together; empty if nothing is.</summary>
    /// <param name="document">What shall be.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="branding">Its look, for what settings refer to in it.</param>
    public IReadOnlyList<SettingsProblem> Check(TenantDocument document, Guid tenantId, Branding branding)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(branding);
        var policy = document.Policy;
        return
        [
            .. CheckName(document.DisplayName),
            .. CheckList("AllowedOrigins", document.AllowedOrigins, RegisteredAddress.IsOrigin, SettingsProblemCode.NotAnOrigin),
            .. CheckList("Policy.RedirectUris", policy.RedirectUris, IsRedirect, SettingsProblemCode.NotAnAddress),
            .. CheckSecondFactors(policy),
            .. CheckSessions(policy),
            .. CheckRegistration(policy.Registration, tenantId, branding),
            .. CustomFieldRules.Check(policy.CustomFields),
            .. Known("Policy.Identification", policy.Identification),
            .. Range("Policy.MinimumPasswordLength", policy.MinimumPasswordLength, 8, 64),
            .. CheckLanguages(policy.Languages),
        ];
    }

    internal static IEnumerable<SettingsProblem> Known<T>(string field, T value)
        where T : struct, Enum => Enum.IsDefined(value) ? [] : [new SettingsProblem(field, SettingsProblemCode.UnknownValue)];

    internal static IEnumerable<SettingsProblem> Range(string field, long? value, long minimum, long maximum) =>
        value < minimum || value > maximum ? [new SettingsProblem(field, SettingsProblemCode.OutOfRange, minimum, maximum)] : [];

    internal static bool IsText(string? text, int maximumLength) => text is not null
        && text.Trim().Length > 0
        && text.Length <= maximumLength
        && PlainText.IsOneLine(text);

    private static bool IsRedirect(string address) => RedirectUris.IsAllowed(address, OpenIdClientKind.Native);

    private static IEnumerable<SettingsProblem> CheckName(string? name) => string.IsNullOrWhiteSpace(name)
        ? [new SettingsProblem("DisplayName", SettingsProblemCode.Missing)]
        : IsText(name, TenantDocument.MaximumNameLength) ? [] : [new SettingsProblem("DisplayName", SettingsProblemCode.NotText)];

    private static IEnumerable<SettingsProblem> CheckList(
        string field, IReadOnlyList<string?>? values, Func<string, bool> isValid, SettingsProblemCode otherwise)
    {
        if (values is null)
        {
            yield return new SettingsProblem(field, SettingsProblemCode.Missing);
            yield break;
        }

        if (values.Count > MaximumEntries)
        {
            yield return new SettingsProblem(field, SettingsProblemCode.TooMany, Maximum: MaximumEntries);
        }

        if (values.Any(value => value is null || !isValid(value)))
        {
            yield return new SettingsProblem(field, otherwise);
        }

        if (values.Distinct(StringComparer.Ordinal).Count() != values.Count)
        {
            yield return new SettingsProblem(field, SettingsProblemCode.Duplicate);
        }
    }

    private static IEnumerable<SettingsProblem> CheckSecondFactors(TenantPolicy policy)
    {
        const string methodsField = "Policy.SecondFactorMethods";
        var methods = policy.SecondFactorMethods;
        if (methods.Any(method => method is not (SecondFactorMethod.Totp or SecondFactorMethod.EmailCode)))
        {
            yield return new SettingsProblem(methodsField, SettingsProblemCode.UnknownValue);
        }

        if (methods.Distinct().Count() != methods.Count)
        {
            yield return new SettingsProblem(methodsField, SettingsProblemCode.Duplicate);
        }

        foreach (var problem in Known("Policy.SecondFactor", policy.SecondFactor))
        {
            yield return problem;
        }

        if (policy.SecondFactor != SecondFactorRequirement.Required)
        {
            if (policy.SecondFactorRequiredFrom is not null)
            {
                yield return new SettingsProblem("Policy.SecondFactorRequiredFrom", SettingsProblemCode.DateWithoutRequirement);
            }
        }
        else if (!policy.AllowPasskeys && !methods.Contains(SecondFactorMethod.Totp))
        {
            if (!methods.Contains(SecondFactorMethod.EmailCode))
            {
                yield return new SettingsProblem(methodsField, SettingsProblemCode.NoSecondFactorLeft);
            }
            else if (policy.EmailCodeSignIn)
            {
                yield return new SettingsProblem("Policy.EmailCodeSignIn", SettingsProblemCode.EmailCodeTwice);
            }
        }

        foreach (var problem in Range("Policy.TrustedDeviceDays", policy.TrustedDeviceDays, 0, 365))
        {
            yield return problem;
        }
    }

    private static List<SettingsProblem> CheckSessions(TenantPolicy policy)
    {
        List<SettingsProblem> outOfRange =
        [
            .. Lasting("Policy.SessionLifetime", policy.SessionLifetime, LongestSession),
            .. Lasting("Policy.SessionIdleTimeout", policy.SessionIdleTimeout, LongestSession),
            .. Lasting("Policy.RememberedSessionLifetime", policy.RememberedSessionLifetime, LongestRemembered),
        ];
        return outOfRange.Count > 0
            ? outOfRange
            :
            [
                .. policy.SessionIdleTimeout > policy.SessionLifetime
                    ? [new SettingsProblem("Policy.SessionIdleTimeout", SettingsProblemCode.LongerThanSession)]
                    : Array.Empty<SettingsProblem>(),
                .. policy.AllowRememberedSessions && policy.RememberedSessionLifetime < policy.SessionLifetime
                    ? [new SettingsProblem("Policy.RememberedSessionLifetime", SettingsProblemCode.ShorterThanSession)]
                    : Array.Empty<SettingsProblem>(),
            ];

        static IEnumerable<SettingsProblem> Lasting(string field, TimeSpan value, TimeSpan longest) =>
            Range(field, (long)Math.Floor(value.TotalSeconds), (long)ShortestSession.TotalSeconds, (long)longest.TotalSeconds);
    }

    private IEnumerable<SettingsProblem> CheckRegistration(RegistrationPolicy registration, Guid tenantId, Branding branding)
    {
        foreach (var problem in CheckList(
            "Policy.Registration.AllowedDomains", registration.AllowedDomains, RegisteredAddress.IsDomain, SettingsProblemCode.NotADomain)
            .Concat(Known("Policy.Registration.Names", registration.Names))
            .Concat(Known("Policy.Registration.Captcha", registration.Captcha)))
        {
            yield return problem;
        }

        if (registration.TermsVersion is { } version)
        {
            const string termsField = "Policy.Registration.TermsVersion";
            if (!IsText(version, MaximumTermsVersion))
            {
                yield return new SettingsProblem(termsField, SettingsProblemCode.NotText);
            }
            else if (branding.TermsLink is null)
            {
                yield return new SettingsProblem(termsField, SettingsProblemCode.TermsWithoutLink);
            }
        }

        if (Enum.IsDefined(registration.Captcha)
            && registration.Captcha != CaptchaKind.Off
            && captchas.SingleOrDefault(verifier => verifier.Kind == registration.Captcha)?.CreateChallenge(tenantId) is null)
        {
            yield return new SettingsProblem("Policy.Registration.Captcha", SettingsProblemCode.NotConfigured);
        }
    }

    private static IEnumerable<SettingsProblem> CheckLanguages(IReadOnlyList<string?> languages) => languages.Count == 0
        ? [new SettingsProblem("Policy.Languages", SettingsProblemCode.Missing)]
        : CheckList("Policy.Languages", languages, TextCatalog.Languages.Contains, SettingsProblemCode.UnknownValue);
}
