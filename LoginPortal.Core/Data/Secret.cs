using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LoginPortal.Core.Data;

/// <summary>Random secrets, and the form in which the database keeps them.</summary>
public static class Secret
{
    /// <summary>A new secret of 256 random bits, as 43 characters of base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// SHA-256 of <paramref name="secret"/>, as 43 characters of base64url. A plain hash is enough for a value that is
    /// itself random; what people choose is hashed by <see cref="Passwords.PasswordHashing"/>.
    /// </summary>
    public static string Hash(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }
}
