namespace LoginPortal.Core.Captcha;

/// <summary>The captcha services that the operator has an account with. Tenants choose among them.</summary>
public sealed class CaptchaOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Captcha";

    /// <summary>Cloudflare Turnstile.</summary>
    public CaptchaService Turnstile { get; set; } = new() { VerificationAddress = new Uri("https://challenges.cloudflare.com/turnstile/v0/siteverify") };

    /// <summary>hCaptcha.</summary>
    public CaptchaService HCaptcha { get; set; } = new() { VerificationAddress = new Uri("https://api.hcaptcha.com/siteverify") };
}

/// <summary>An account with a captcha service.</summary>
public sealed class CaptchaService
{
    /// <summary>The key that the page shows; <see langword="null"/> if there is no account.</summary>
    public string? SiteKey { get; set; }

    /// <summary>The key that the portal asks with.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Where the portal asks. Default the service's own address.</summary>
    public required Uri VerificationAddress { get; set; }
}
