namespace LoginPortal.Core.Mail;

/// <summary>Hands one mail on. The only place that knows how; another transport is another class.</summary>
public interface IMailSender
{
    /// <summary>Whether there is anywhere to hand mails on to; while not, they wait.</summary>
    bool IsConfigured { get; }

    /// <summary>Hands the mail on. Whatever it throws is a try that failed: the mail is tried again later.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="content">What it says.</param>
    /// <param name="cancellationToken">Gives up; the mail is tried again later.</param>
    Task SendAsync(OutboxMail mail, MailContent content, CancellationToken cancellationToken);
}
