using System.Globalization;
using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.Mail;

/// <summary>Writes mails in the person's language and the tenant's look, and puts them into the outbox.</summary>
public sealed class Outbox(TimeProvider time)
{
    /// <summary>Adds a mail to the caller's transaction. The caller saves.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="tenant">The tenant it is sent for.</param>
    /// <param name="user">Who gets it, at the address that is stored with the account.</param>
    /// <param name="name">The mail: <c>Mail.{name}.Subject</c> and <c>Mail.{name}.Body</c> are its words.</param>
    /// <param name="code">A code to be shown large; <see langword="null"/> for none.</param>
    /// <param name="values">What fills the placeholders after the first, which is the tenant's name.</param>
    public void Add(PortalDbContext database, TenantProfile tenant, PortalUser user, string name, string? code, params object[] values)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(user);
        var culture = CultureInfo.GetCultureInfo(user.Language ?? tenant.Policy.Languages.FirstOrDefault(TextCatalog.Languages.Contains) ?? TextCatalog.Languages[0]);
        object[] arguments = [tenant.DisplayName, .. values];
        var subject = Text("Subject");
        var body = Text("Body");
        var now = time.GetUtcNow();
        database.OutboxMails.Add(new OutboxMail
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            Recipient = user.Email ?? throw new InvalidOperationException("The account has no address."),
            Subject = subject,
            Text = code is null ? body : $"{body}\n\n{code}",
            Html = Html(tenant, culture, subject, body, code),
            CreatedAt = now,
            NextAttemptAt = now,
        });

        string Text(string part) => string.Format(culture, TextCatalog.Get($"Mail.{name}.{part}", culture, tenant.Branding), arguments);
    }

    /// <summary>One column, the tenant's colours, no picture to fetch. Everything that people put in is encoded.</summary>
    private static string Html(TenantProfile tenant, CultureInfo culture, string subject, string body, string? code)
    {
        var palette = tenant.Branding.ColorScheme == ColorScheme.Dark ? tenant.Branding.Dark : tenant.Branding.Light;
        var paragraphs = string.Concat(body.Split("\n\n").Select(text => $"<p style=\"margin:0 0 16px\">{WebUtility.HtmlEncode(text)}</p>"));
        var codeBlock = code is null
            ? ""
            : $"<p style=\"margin:24px 0;font:700 32px/1.2 monospace;letter-spacing:.2em\">{WebUtility.HtmlEncode(code)}</p>";
        return $"""
            <!DOCTYPE html>
            <html lang="{culture.Name}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{WebUtility.HtmlEncode(subject)}</title></head>
            <body style="margin:0;padding:24px;background:{palette.Canvas};color:{palette.Text};font:16px/1.5 system-ui,sans-serif">
            <div style="max-width:480px;margin:0 auto;padding:32px;background:{palette.Surface};border-top:4px solid {palette.Accent};border-radius:8px">
            <p style="margin:0 0 24px;font-weight:700">{WebUtility.HtmlEncode(tenant.DisplayName)}</p>
            <h1 style="margin:0 0 16px;font-size:20px">{WebUtility.HtmlEncode(subject)}</h1>
            {paragraphs}{codeBlock}
            </div></body></html>
            """;
    }
}
