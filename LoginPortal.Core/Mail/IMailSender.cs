namespace LoginPortal.Core.Mail;

/// <summary>Hands one mail on. The only place that knows how; another transport is another class.</summary>
public interface IMailSender
{
    /// <summary>Whether there is anywhere to hand mails on to; while not, they wait.</summary>
    bool IsConfigured { get; }

    /// <summary>Hands the mail on.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="senderName">The name beside the sender's address: the tenant's.</param>
    /// <param name="cancellationToken">Gives up; the mail is tried again later.</param>
    /// <exception cref="System.Net.Mail.SmtpException">The server did not take it.</exception>
    Task SendAsync(OutboxMail mail, string senderName, CancellationToken cancellationToken);
}
