using LoginPortal.Core.Tenants;

namespace LoginPortal.Security;

/// <summary>Opens the content security policy of one response for the captcha service that the tenant has chosen, and for nothing else.</summary>
internal static class CaptchaContentPolicy
{
    /// <summary>Sets the policy where the kind is a service; without one the strict policy stays.</summary>
    public static void Apply(HttpResponse response, CaptchaKind kind)
    {
        var sources = kind switch
        {
            CaptchaKind.Turnstile => "https://challenges.cloudflare.com",
            CaptchaKind.HCaptcha => "https://hcaptcha.com https://*.hcaptcha.com",
            _ => null,
        };
        if (sources is not null)
        {
            response.Headers.ContentSecurityPolicy = SecurityHeadersMiddleware.ContentSecurityPolicy
                .Replace("script-src 'self'", $"script-src 'self' {sources}", StringComparison.Ordinal)
                .Replace("style-src 'self'", $"style-src 'self' {sources}", StringComparison.Ordinal)
                .Replace("connect-src 'self'", $"connect-src 'self' {sources}", StringComparison.Ordinal)
                + $"; frame-src {sources}";
        }
    }
}
