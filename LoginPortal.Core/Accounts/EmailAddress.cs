using System.Net.Mail;
using LoginPortal.Core.Texts;
using Microsoft.AspNetCore.Identity;

namespace LoginPortal.Core.Accounts;

/// <summary>
/// E-mail addresses in the form in which they are looked up: ASCII letters in one case, every other character as it is.
/// Unicode case folding would make two addresses one that belong to two mailboxes (the Kelvin sign is not a k).
/// </summary>
public static class EmailAddress
{
    /// <summary>The longest address that is accepted, in characters (RFC 5321, 4.5.3.1.3).</summary>
    public const int MaximumLength = 254;

    /// <summary>Upper-cases ASCII letters and leaves everything else alone.</summary>
    public static string Normalize(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.Create(address.Length, address, static (target, source) =>
        {
            for (var index = 0; index < source.Length; index++)
            {
                target[index] = char.IsAsciiLetterLower(source[index]) ? (char)(source[index] - 32) : source[index];
            }
        });
    }

    /// <summary>
    /// Whether <paramref name="address"/> can be an address at all: one mailbox, no display name, a domain, no control
    /// character, no lone surrogate, at most <see cref="MaximumLength"/> characters.
    /// </summary>
    public static bool IsWellFormed(string? address) =>
        address is { Length: > 2 and <= MaximumLength }
        && !address.Any(char.IsWhiteSpace)
        && PlainText.IsOneLine(address)
        && MailAddress.TryCreate(address, out var parsed)
        && string.Equals(parsed.Address, address, StringComparison.Ordinal)
        && Uri.CheckHostName(parsed.Host) == UriHostNameType.Dns;
}

/// <summary>Gives ASP.NET Core Identity the portal's rule of <see cref="EmailAddress.Normalize"/>.</summary>
public sealed class AddressNormalizer : ILookupNormalizer
{
    /// <inheritdoc />
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Normalize(email);

    /// <inheritdoc />
    public string? NormalizeName(string? name) => name is null ? null : EmailAddress.Normalize(name);
}
