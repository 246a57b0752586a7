namespace LoginPortal.Core.Mail;

/// <summary>A mail before it is put into words.</summary>
/// <param name="Name">Which one: <c>Mail.{Name}.Subject</c> and <c>Mail.{Name}.Body</c> are its words, <c>Mail.{Name}.Button</c> those of its link.</param>
public sealed record MailDraft(string Name)
{
    /// <summary>A code to be shown large. Default none.</summary>
    public string? Code { get; init; }

    /// <summary>Where its button leads, relative to the tenant's base address. Default no button.</summary>
    public string? Link { get; init; }

    /// <summary>
    /// The language of the page that it was asked for on, as a culture name; the person's own comes first. Default the tenant's first.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>What fills the placeholders after the first, which is the tenant's name.</summary>
    public IReadOnlyList<object> Values { get; init; } = [];

    /// <summary>Without code and link: records print themselves into logs.</summary>
    public override string ToString() => Name;
}
