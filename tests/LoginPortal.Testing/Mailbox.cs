using System.Text.RegularExpressions;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Testing;

/// <summary>Reads what a portal has put into its outbox.</summary>
public static class Mailbox
{
    /// <summary>Every mail to an address, the oldest first.</summary>
    public static async Task<IReadOnlyList<ReceivedMail>> ReadMailsAsync(this IServiceProvider services, string recipient)
    {
        await using var scope = services.CreateAsyncScope();
        var contents = scope.ServiceProvider.GetRequiredService<MailContents>();
        var mails = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().OutboxMails.IgnoreQueryFilters().AsNoTracking()
            .Where(mail => mail.Recipient == recipient)
            .OrderBy(mail => mail.CreatedAt).ThenBy(mail => mail.Id)
            .ToListAsync();
        return [.. mails.Select(mail => new ReceivedMail(mail, contents.Read(mail)))];
    }
}

/// <summary>A mail and what it says.</summary>
public sealed record ReceivedMail(OutboxMail Mail, MailContent Content)
{
    public string Subject => Mail.Subject;

    public string Text => Content.Text;

    public string Html => Content.Html;

    /// <summary>The one link of the mail.</summary>
    public Uri Link => new(Regex.Match(Text, "https?://\\S+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);

    /// <summary>The token in it.</summary>
    public string Token => Link.Query.Split("token=")[1];
}
