using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Captcha;

/// <summary>
/// Hashcash for a browser: it looks for a number that, after the challenge, gives a SHA-256 beginning with <see cref="Bits"/> zero bits. Nothing is
/// asked of the person, nothing leaves the portal, and whoever wants a thousand accounts pays a thousand times.
/// </summary>
public sealed class ProofOfWork(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider time) : ICaptchaVerifier
{
    /// <summary>How many zero bits: 32,768 hashes on average, some tenths of a second in a browser.</summary>
    public const int Bits = 15;

    /// <summary>How long a challenge can be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int LongestResponse = 600;

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Captcha.ProofOfWork.v1");

    /// <inheritdoc />
    public CaptchaKind Kind => CaptchaKind.ProofOfWork;

    /// <inheritdoc />
    public string CreateChallenge(Guid tenantId)
    {
        var expiresAt = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return ProtectorOf(tenantId).Protect(expiresAt);
    }

    /// <inheritdoc />
    public async Task<CaptchaVerdict> VerifyAsync(Guid tenantId, string response, string? ipAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (ExpiryOf(tenantId, response) is not { } expiresAt || expiresAt <= time.GetUtcNow())
        {
            return CaptchaVerdict.Wrong;
        }

        await using var scope = scopes.CreateAsyncScope();
        var challenge = response[..response.IndexOf(':', StringComparison.Ordinal)];
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>()
            .TryInsertSpentChallengeAsync(tenantId, Secret.Hash(challenge), expiresAt, cancellationToken)
            ? CaptchaVerdict.Right
            : CaptchaVerdict.Wrong;
    }

    /// <summary>Until when the challenge in a response can be answered, if the response answers it.</summary>
    private DateTimeOffset? ExpiryOf(Guid tenantId, string response)
    {
        var colon = response.IndexOf(':', StringComparison.Ordinal);
        if (response.Length > LongestResponse || colon < 0
            || !long.TryParse(response.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || LeadingZeroBits(SHA256.HashData(Encoding.ASCII.GetBytes(response))) < Bits)
        {
            return null;
        }

        try
        {
            var expiresAt = ProtectorOf(tenantId).Unprotect(response[..colon]);
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(expiresAt, CultureInfo.InvariantCulture));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(Guid tenantId) => _protector.CreateProtector(tenantId.ToString("N"));

    private static int LeadingZeroBits(byte[] hash) =>
        BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt64BigEndian(hash));
}
