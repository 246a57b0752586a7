using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace LoginPortal.Core.Mail;

/// <summary>
/// Encrypts what a mail says while it is in the outbox. Codes and links are kept as hashes everywhere else; a copy of the database must
/// not find them in the mail that carries them.
/// </summary>
public sealed class MailContents(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Mail.Content.v1");

    /// <summary>The content as the outbox keeps it.</summary>
    public byte[] Protect(MailContent content) => _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(content));

    /// <summary>What a mail in the outbox says.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key that it was encrypted with is gone.</exception>
    public MailContent Read(OutboxMail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return JsonSerializer.Deserialize<MailContent>(_protector.Unprotect(mail.ProtectedContent))!;
    }
}

/// <summary>The two bodies of a mail, which say the same.</summary>
/// <param name="Text">As plain text.</param>
/// <param name="Html">As HTML.</param>
public sealed record MailContent(string Text, string Html)
{
    /// <summary>Without the bodies: records print themselves into logs.</summary>
    public override string ToString() => nameof(MailContent);
}
