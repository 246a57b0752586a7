using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.Tenants;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Captcha;

/// <summary>The <c>siteverify</c> call that Turnstile and hCaptcha share: the portal asks the service about what the browser brought.</summary>
internal sealed partial class SiteVerification(
    CaptchaKind kind, CaptchaService service, HttpClient client, ILogger<SiteVerification> logger) : ICaptchaVerifier
{
    /// <summary>How long the service may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public CaptchaKind Kind => kind;

    public string? CreateChallenge(Guid tenantId) => service.SiteKey;

    public async Task<CaptchaVerdict> VerifyAsync(Guid tenantId, string response, string? ipAddress, CancellationToken cancellationToken)
    {
        if (service is not { SiteKey: { } siteKey, SecretKey: { } secret })
        {
            LogNotConfigured(logger, kind);
            return CaptchaVerdict.Unknown;
        }

        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["secret"] = secret, ["response"] = response, ["sitekey"] = siteKey };
        if (ipAddress is not null)
        {
            form["remoteip"] = ipAddress;
        }

        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await client.PostAsync(service.VerificationAddress, content, cancellationToken);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<Answer>(cancellationToken) is { Success: true } ? CaptchaVerdict.Right : CaptchaVerdict.Wrong;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnreachable(logger, kind, exception);
            return CaptchaVerdict.Unknown;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A tenant uses {Kind}, which is not configured (Captcha:{Kind}:SiteKey and SecretKey).")]
    private static partial void LogNotConfigured(ILogger logger, CaptchaKind kind);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Kind} could not be asked.")]
    private static partial void LogUnreachable(ILogger logger, CaptchaKind kind, Exception exception);

    private sealed record Answer([property: JsonPropertyName("success")] bool Success);
}
