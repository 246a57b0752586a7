using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The look, words and possibilities of a tenant.</summary>
/// <param name="DisplayName">What people call the organisation.</param>
/// <param name="ColorScheme"><c>auto</c>, <c>light</c> or <c>dark</c>.</param>
/// <param name="Colors">The colours by scheme.</param>
/// <param name="CornerRadius">In CSS pixels.</param>
/// <param name="LogoUrl">The logo on light; <see langword="null"/> if there is none.</param>
/// <param name="LogoDarkUrl">The logo on dark, likewise.</param>
/// <param name="Texts">The tenant's own words: language, then key, then text.</param>
/// <param name="Languages">The languages offered, the default first.</param>
/// <param name="Methods">The ways to sign in.</param>
/// <param name="RegistrationOpen">Whether people may register themselves.</param>
/// <param name="Captcha">What registering asks for against machines.</param>
/// <param name="TermsUrl">Terms of use.</param>
/// <param name="PrivacyUrl">Privacy notice.</param>
/// <param name="SupportUrl">Help.</param>
internal sealed record BrandingResponse(
    string DisplayName,
    ColorScheme ColorScheme,
    BrandingColors Colors,
    int CornerRadius,
    Uri? LogoUrl,
    Uri? LogoDarkUrl,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Methods,
    bool RegistrationOpen,
    BrandingCaptcha Captcha,
    Uri? TermsUrl,
    Uri? PrivacyUrl,
    Uri? SupportUrl);

/// <summary>The colours by scheme.</summary>
/// <param name="Light">On light.</param>
/// <param name="Dark">On dark.</param>
internal sealed record BrandingColors(BrandPalette Light, BrandPalette Dark);

/// <summary>What is asked of whoever registers, so that machines do not.</summary>
/// <param name="Kind"><c>off</c>, <c>proof_of_work</c>, <c>turnstile</c> or <c>h_captcha</c>.</param>
/// <param name="Challenge">
/// What to work on, or the site key of the service. The proof of work is the challenge, a colon and a number in decimal digits, whose SHA-256
/// together begins with 15 zero bits; it is given as <c>captcha_token</c>, within an hour and once.
/// </param>
internal sealed record BrandingCaptcha(CaptchaKind Kind, string? Challenge);
