using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Captcha;

/// <summary>Tells whether a browser has brought one kind of proof of not being a machine.</summary>
public interface ICaptchaVerifier
{
    /// <summary>The kind that it verifies.</summary>
    CaptchaKind Kind { get; }

    /// <summary>What the page hands to the browser: a challenge, or the key of a widget; <see langword="null"/> if the operator has not configured it.</summary>
    /// <param name="tenantId">The tenant whose page it is.</param>
    string? CreateChallenge(Guid tenantId);

    /// <summary>Whether the proof is right and new. It is spent by this.</summary>
    /// <param name="tenantId">The tenant whose page it was.</param>
    /// <param name="response">What the browser brought.</param>
    /// <param name="ipAddress">The network address it came from.</param>
    /// <param name="cancellationToken">Gives up; the proof may be spent then.</param>
    Task<CaptchaVerdict> VerifyAsync(Guid tenantId, string response, string? ipAddress, CancellationToken cancellationToken);
}

/// <summary>What a verifier found.</summary>
public enum CaptchaVerdict
{
    /// <summary>It is wrong, too old, or was used before.</summary>
    Wrong = 0,

    /// <summary>It is right.</summary>
    Right = 1,

    /// <summary>Whoever knows could not be asked.</summary>
    Unknown = 2,
}
