using System.Globalization;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Mail.Templates;

/// <summary>Everything that a template shows.</summary>
/// <param name="Tenant">Whose mail it is.</param>
/// <param name="Culture">Its language.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Paragraphs">What it says.</param>
/// <param name="Code">A code to be shown large.</param>
/// <param name="Link">Where its button leads.</param>
/// <param name="LinkHint">What is said before the link is written out.</param>
/// <param name="Footer">Who sent it, line by line.</param>
public sealed record MailWords(
    TenantProfile Tenant,
    CultureInfo Culture,
    string Subject,
    IReadOnlyList<string> Paragraphs,
    string? Code,
    MailLink? Link,
    string LinkHint,
    IReadOnlyList<string> Footer);

/// <summary>The button of a mail.</summary>
/// <param name="Label">What it says.</param>
/// <param name="Target">Where it leads.</param>
public sealed record MailLink(string Label, Uri Target);
