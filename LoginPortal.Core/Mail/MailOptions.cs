namespace LoginPortal.Core.Mail;

/// <summary>The section <c>Mail</c> of the configuration.</summary>
public sealed class MailOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Mail";

    /// <summary>The longest <see cref="Timeout"/>: well under the two minutes that a node leases a mail for.</summary>
    public static readonly TimeSpan MaximumTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The folder, relative to the host's content, that mails are written to as <c>.eml</c> files instead of being sent. It and
    /// <see cref="Host"/> exclude each other. Default none.
    /// </summary>
    public string? PickupFolder { get; set; }

    /// <summary>The SMTP server. Required outside Development, unless there is a folder; in Development mails wait in the outbox without either.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default 587, for submission (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must be encrypted with STARTTLS before anything is sent. Default <see langword="true"/>.</summary>
    public bool RequireTls { get; set; } = true;

    /// <summary>The name to authenticate with; <see langword="null"/> for none.</summary>
    public string? UserName { get; set; }

    /// <summary>The password to authenticate with.</summary>
    public string? Password { get; set; }

    /// <summary>The address that mails come from. Default <c>no-reply@localhost</c>.</summary>
    public string From { get; set; } = "no-reply@localhost";

    /// <summary>How long one try may take, at most <see cref="MaximumTimeout"/>. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
