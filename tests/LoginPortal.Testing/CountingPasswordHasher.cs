using LoginPortal.Core.Accounts;
using Microsoft.AspNetCore.Identity;

namespace LoginPortal.Testing;

/// <summary>Counts the comparisons that reach the hasher, and can hold them until a test lets them go.</summary>
public sealed class CountingPasswordHasher(IPasswordHasher<PortalUser> inner) : IPasswordHasher<PortalUser>
{
    private int _verifications;

    /// <summary>Comparisons so far, on every host that shares this hasher.</summary>
    public int Verifications => Volatile.Read(ref _verifications);

    /// <summary>Runs before each comparison, on the hashing thread; a test blocks here.</summary>
    public Action BeforeVerification { get; set; } = () => { };

    public string HashPassword(PortalUser user, string password) => inner.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref _verifications);
        BeforeVerification();
        return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
