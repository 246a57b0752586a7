using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LoginPortal.Core.Passwords;

/// <summary>
/// What a hash of ASP.NET Core Identity's hasher says of itself: the format of version 2 (PBKDF2-HMAC-SHA1, 1,000 iterations) and that of version 3,
/// which names its function and its iterations.
/// </summary>
/// <param name="Version">2 or 3.</param>
/// <param name="Function">The hash function under PBKDF2-HMAC.</param>
/// <param name="Iterations">How often it was applied.</param>
public sealed record PasswordHash(int Version, HashAlgorithmName Function, int Iterations)
{
    /// <summary>The most iterations of a hash that is taken from elsewhere: each wrong guess costs the portal as much.</summary>
    public const int MaximumIterations = 1_000_000;

    private const int Version2Iterations = 1_000;
    private const int Version2Length = 1 + 16 + 32;
    private const int Version3Header = 1 + 4 + 4 + 4;
    private const int LeastSalt = 16;
    private const int LeastKey = 16;

    /// <summary>Reads a stored hash.</summary>
    /// <returns><see langword="null"/> if it is none, or one that Identity's hasher would not compare.</returns>
    public static PasswordHash? Read(string? hash)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (hash is null || hash.Length > 600 || !Convert.TryFromBase64String(hash, bytes, out var length) || length == 0)
        {
            return null;
        }

        bytes = bytes[..length];
        if (bytes[0] == 0)
        {
            return length == Version2Length ? new PasswordHash(2, HashAlgorithmName.SHA1, Version2Iterations) : null;
        }

        if (bytes[0] != 1 || length < Version3Header + LeastSalt + LeastKey)
        {
            return null;
        }

        HashAlgorithmName? function = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) switch
        {
            0 => HashAlgorithmName.SHA1,
            1 => HashAlgorithmName.SHA256,
            2 => HashAlgorithmName.SHA512,
            _ => null,
        };
        var (iterations, salt) = (BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]));
        return function is null || iterations is 0 or > int.MaxValue || salt < LeastSalt || length - Version3Header - salt < LeastKey
            ? null
            : new PasswordHash(3, function.Value, (int)iterations);
    }

    /// <summary>Does, for nothing, the iterations that a hash of today's cost has over <paramref name="hash"/>.</summary>
    internal static void SpendWorkMissing(string hash, int iterations)
    {
        if (iterations - (Read(hash)?.Iterations ?? 0) is > 0 and var missing)
        {
            Span<byte> nothing = stackalloc byte[32];
            Rfc2898DeriveBytes.Pbkdf2("-"u8, "no salt at all.."u8, nothing, missing, HashAlgorithmName.SHA512);
        }
    }
}
