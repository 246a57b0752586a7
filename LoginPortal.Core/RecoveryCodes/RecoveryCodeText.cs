using System.Security.Cryptography;
using LoginPortal.Core.Data;

namespace LoginPortal.Core.RecoveryCodes;

/// <summary>
/// How a recovery code is written: sixteen characters of an alphabet without look-alikes, in groups of four. Sixteen times five bits
/// are eighty, so that a plain hash keeps them (NIST SP 800-63B-4, 3.1.2.2 asks for 64).
/// </summary>
public static class RecoveryCodeText
{
    private const string Alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ234567890";
    private const int Length = 16;

    /// <summary>A new code, such as <c>K7QM-2XHD-…</c>.</summary>
    public static string Create() =>
        string.Join('-', RandomNumberGenerator.GetString(Alphabet, Length).Chunk(4).Select(group => new string(group)));

    /// <summary>The form that is stored, for the person it belongs to; what cannot be a code hashes to what no code hashes to.</summary>
    /// <param name="userId">The person, so that equal codes of two people are two rows.</param>
    /// <param name="typed">As typed: case, spaces and hyphens do not matter.</param>
    public static string Hash(Guid userId, string? typed)
    {
        var characters = (typed ?? "").Length > 64 ? "" : new string([.. (typed ?? "").Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        return Secret.Hash($"{userId:N}:{characters}");
    }
}
