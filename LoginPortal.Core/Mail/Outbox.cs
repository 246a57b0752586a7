using System.Globalization;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail.Templates;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Mail;

/// <summary>Writes mails in the person's language and the tenant's look, and puts them into the outbox.</summary>
public sealed class Outbox(MailRenderer renderer, MailContents contents, IOptions<PortalOptions> options, TimeProvider time)
{
    /// <summary>Adds a mail to somebody with an account to the caller's transaction. The caller saves.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="tenant">The tenant it is sent for.</param>
    /// <param name="user">Who gets it, at the address that is stored with the account.</param>
    /// <param name="draft">What it says.</param>
    /// <param name="cancellationToken">Gives up; nothing has been added then.</param>
    public Task AddAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser user, MailDraft draft, CancellationToken cancellationToken) =>
        AddAsync(database, tenant, MailRecipient.Of(user), draft, cancellationToken);

    /// <summary>Adds a mail to the caller's transaction. The caller saves.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="tenant">The tenant it is sent for.</param>
    /// <param name="recipient">Who gets it.</param>
    /// <param name="draft">What it says.</param>
    /// <param name="cancellationToken">Gives up; nothing has been added then.</param>
    public async Task AddAsync(
        PortalDbContext database, TenantProfile tenant, MailRecipient recipient, MailDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(draft);
        cancellationToken.ThrowIfCancellationRequested();
        var words = Words(tenant, LanguageOf(tenant, recipient, draft), draft);
        var now = time.GetUtcNow();
        var content = await renderer.RenderAsync(words);
        database.OutboxMails.Add(new OutboxMail
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            Recipient = recipient.Address,
            UserId = recipient.UserId,
            SenderName = OneLine(tenant.Branding.SenderName ?? tenant.DisplayName),
            Subject = OneLine(words.Subject),
            ProtectedContent = contents.Protect(content),
            CreatedAt = now,
            NextAttemptAt = now,
        });
    }

    /// <summary>What a mail would look like; nobody gets it.</summary>
    /// <param name="tenant">The tenant, with the branding to be tried.</param>
    /// <param name="culture">The language.</param>
    /// <param name="draft">What it says.</param>
    public Task<MailContent> PreviewAsync(TenantProfile tenant, CultureInfo culture, MailDraft draft)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(culture);
        ArgumentNullException.ThrowIfNull(draft);
        return renderer.RenderAsync(Words(tenant, culture, draft));
    }

    private MailWords Words(TenantProfile tenant, CultureInfo culture, MailDraft draft)
    {
        object[] values = [tenant.DisplayName, .. draft.Values];
        return new MailWords(
            tenant,
            culture,
            Text($"Mail.{draft.Name}.Subject"),
            Text($"Mail.{draft.Name}.Body").Split("\n\n"),
            draft.Code,
            draft.Link is { } link
                ? new MailLink(Text($"Mail.{draft.Name}.Button"), new Uri(tenant.BaseAddress(options.Value.PublicOrigin!), link))
                : null,
            Text("Mail.LinkHint"),
            [Text("Mail.Footer"), .. tenant.Branding.MailFooter.GetValueOrDefault(culture.TwoLetterISOLanguageName)?.Split('\n') ?? []]);

        string Text(string key) => string.Format(culture, TextCatalog.Get(key, culture, tenant.Branding), values);
    }

    private static CultureInfo LanguageOf(TenantProfile tenant, MailRecipient recipient, MailDraft draft)
    {
        var offered = tenant.Policy.Languages.Where(TextCatalog.Languages.Contains).ToList();
        return CultureInfo.GetCultureInfo(
            recipient.Language
            ?? offered.Find(language => language == draft.Language)
            ?? offered.FirstOrDefault()
            ?? TextCatalog.Languages[0]);
    }

    /// <summary>A header line ends where the text does, whatever a tenant calls itself.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
