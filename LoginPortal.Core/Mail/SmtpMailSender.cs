using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Mail;

/// <summary>Sends over SMTP, or writes <c>.eml</c> files, with the framework's own client.</summary>
internal sealed class SmtpMailSender(IOptions<MailOptions> options, IHostEnvironment environment) : IMailSender
{
    public bool IsConfigured => options.Value is { PickupFolder.Length: > 0 } or { Host.Length: > 0 };

    public async Task SendAsync(OutboxMail mail, MailContent content, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var client = settings.PickupFolder is { Length: > 0 } folder
            ? new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = Directory.CreateDirectory(Path.GetFullPath(folder, environment.ContentRootPath)).FullName,
            }
            : new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.RequireTls };
        if (settings.UserName is { Length: > 0 } userName)
        {
            client.Credentials = new NetworkCredential(userName, settings.Password);
        }

        using var message = new MailMessage
        {
            From = new MailAddress(settings.From, mail.SenderName, Encoding.UTF8),
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = content.Text,
            BodyEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.Recipient));
        message.Headers.Add("Message-ID", $"<{mail.Id:N}@{message.From.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(content.Html, Encoding.UTF8, MediaTypeNames.Text.Html));

        // The client listens to a cancellation only between two answers of the server, and one that has stalled gives none; disposing of the
        // client, on the way out, cuts the connection.
        await client.SendMailAsync(message, cancellationToken).WaitAsync(settings.Timeout, cancellationToken);
    }
}
