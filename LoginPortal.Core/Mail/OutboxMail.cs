namespace LoginPortal.Core.Mail;

/// <summary>A mail on its way: stored in the transaction that caused it, sent by whichever node leases it.</summary>
public sealed class OutboxMail
{
    /// <summary>Version-7 identifier; also the mail's Message-ID, so that a duplicate can be told.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it is sent for.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The address as it is stored with the account, never as it was typed.</summary>
    public required string Recipient { get; init; }

    /// <summary>The account that it is about, and is erased with; <see langword="null"/> if there is none.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The name beside the sender's address: the tenant's.</summary>
    public required string SenderName { get; init; }

    /// <summary>The subject line.</summary>
    public required string Subject { get; init; }

    /// <summary>Both bodies, encrypted by <see cref="MailContents"/>: they may hold a code or a link that still works.</summary>
    public required byte[] ProtectedContent { get; init; }

    /// <summary>When it was caused, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when it may be tried, UTC; a lease moves it on, so that no other node takes the same mail.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>How often it has been tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When the server took it, UTC.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>When it was given up, UTC: after a day of tries.</summary>
    public DateTimeOffset? ParkedAt { get; set; }

    /// <summary>Why the last try failed.</summary>
    public string? LastError { get; set; }
}
