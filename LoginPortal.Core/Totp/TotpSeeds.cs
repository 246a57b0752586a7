using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace LoginPortal.Core.Totp;

/// <summary>Makes, protects and reads seeds. Outside this class a seed exists only while it is being shown or compared.</summary>
public sealed class TotpSeeds(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Totp.Seed.v1");

    /// <summary>A new seed, protected.</summary>
    public byte[] Create() => _protector.Protect(RandomNumberGenerator.GetBytes(TotpCode.SeedLength));

    /// <summary>A seed that was made elsewhere, protected.</summary>
    internal byte[] Protect(byte[] seed) => _protector.Protect(seed);

    /// <summary>The seed itself.</summary>
    public byte[] Read(Authenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return _protector.Unprotect(authenticator.ProtectedSeed);
    }
}
