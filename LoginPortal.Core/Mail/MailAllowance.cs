namespace LoginPortal.Core.Mail;

/// <summary>
/// When the last five mails of a kind were sent to an address: there is room for another once the oldest of them is an hour old.
/// </summary>
public sealed class MailAllowance
{
    /// <summary>Mails to one address in any hour.</summary>
    public const int MailsAnHour = 5;

    /// <summary>The hour.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>What is limited, one of <see cref="Setup.OneTimeLinkPurpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The address, hashed.</summary>
    public required string Subject { get; init; }

    /// <summary>The fifth last mail, UTC; the Unix epoch while there were fewer.</summary>
    public DateTimeOffset FifthLast { get; set; }

    /// <summary>The fourth last, likewise.</summary>
    public DateTimeOffset FourthLast { get; set; }

    /// <summary>The third last, likewise.</summary>
    public DateTimeOffset ThirdLast { get; set; }

    /// <summary>The second last, likewise.</summary>
    public DateTimeOffset SecondLast { get; set; }

    /// <summary>The last, likewise.</summary>
    public DateTimeOffset Last { get; set; }
}
