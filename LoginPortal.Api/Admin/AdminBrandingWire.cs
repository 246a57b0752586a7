using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>Where the branding stands.</summary>
/// <param name="Document">The draft, or what is live where there is none.</param>
/// <param name="Version">The draft's version; 0 where there is none.</param>
/// <param name="SavedAt">When the draft was last saved, UTC.</param>
/// <param name="SavedBy">By whom.</param>
/// <param name="LiveRevisionId">The revision that is live; <see langword="null"/> for the portal's own look.</param>
/// <param name="LiveNumber">Its number; 0 for the portal's own look.</param>
/// <param name="Overtaken">Whether somebody has published since the draft was begun.</param>
/// <param name="Problems">What must be mended before the document can be published.</param>
internal sealed record AdminBrandingResponse(
    Branding Document,
    int Version,
    DateTimeOffset? SavedAt,
    string? SavedBy,
    string? LiveRevisionId,
    int LiveNumber,
    bool Overtaken,
    IReadOnlyList<AdminBrandingProblem> Problems)
{
    public static AdminBrandingResponse Of(BrandingStanding standing) => new(
        standing.Document,
        standing.Version,
        standing.SavedAt,
        standing.SavedBy,
        standing.LiveRevisionId?.ToString(),
        standing.LiveNumber,
        standing.IsOvertaken,
        [.. standing.Problems.Select(AdminBrandingProblem.Of)]);
}

/// <summary>Something wrong with the document.</summary>
/// <param name="Path">Where in it.</param>
/// <param name="Kind">What, a stable code.</param>
/// <param name="Message">Words for people.</param>
internal sealed record AdminBrandingProblem(string Path, string Kind, string Message)
{
    public static AdminBrandingProblem Of(BrandingProblem problem) => new(PathOf(problem), KindOf(problem), MessageOf(problem));

    public static string KindOf(BrandingProblem problem) => JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Kind.ToString());

    /// <summary>Members have their names on the wire; what is below texts and footers is named by languages and keys, which stay.</summary>
    public static string PathOf(BrandingProblem problem)
    {
        var parts = problem.Path.Split('.');
        var named = parts[0] is "texts" or "mailFooter" ? 1 : parts.Length;
        return string.Join('.', parts.Select((part, index) => index < named ? JsonNamingPolicy.SnakeCaseLower.ConvertName(part) : part));
    }

    public static string MessageOf(BrandingProblem problem) => problem.Kind switch
    {
        BrandingProblemKind.Color => "A colour has the form #rrggbb",
        BrandingProblemKind.Contrast => "The contrast is too small to be read (WCAG 2.2 AA)",
        BrandingProblemKind.OutOfRange => problem.Most is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"The value must be from 0 to {most}")
            : "There is no such value here",
        BrandingProblemKind.Asset => "The tenant has no such picture or font",
        BrandingProblemKind.Missing => "Something belongs here",
        BrandingProblemKind.TooLong => string.Create(CultureInfo.InvariantCulture, $"At most {problem.Most} characters"),
        BrandingProblemKind.Characters => "The text has characters that cannot be shown here",
        BrandingProblemKind.Language => "There are no texts in this language",
        BrandingProblemKind.TextKey => "No text has this key",
        BrandingProblemKind.Placeholders => "The placeholders are not those of the portal's text",
        BrandingProblemKind.Link => "Absolute https addresses only; for support, mailto as well",
        _ => "The rules of style have something in them that is not allowed",
    };
}

/// <summary>Change the draft: what is left out stays as it is in the draft, or in what is live; <c>null</c> is the default again.</summary>
internal sealed record AdminBrandingDraft
{
    [Description("The version that the change was made from, 0 where there was no draft; the change is refused if there is another by now.")]
    public int Version { get; init; }

    [Description("What shall be otherwise.")]
    public Branding Document { get; init; } = Branding.Default;
}

/// <summary>Publish the draft.</summary>
internal sealed record AdminPublishRequest
{
    [Required, Description("The version that is to be published.")]
    public int? Version { get; init; }

    [Description("The revision that is to be replaced, as it was seen; null for the portal's own look.")]
    public string? LiveRevisionId { get; init; }
}

/// <summary>Publish an earlier revision anew.</summary>
internal sealed record AdminRestoreRequest
{
    [Description("The revision that is to be replaced, as it was seen; null for the portal's own look.")]
    public string? LiveRevisionId { get; init; }
}

/// <summary>A published state of the branding.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Number">1 for the tenant's first, then rising.</param>
/// <param name="PublishedAt">When, UTC.</param>
/// <param name="PublishedBy">By whom.</param>
/// <param name="Live">Whether the pages look like it now.</param>
internal sealed record AdminRevisionResponse(string Id, int Number, DateTimeOffset PublishedAt, string? PublishedBy, bool Live)
{
    public static AdminRevisionResponse Of(BrandingRevisionSummary revision) =>
        new(revision.Id.ToString(), revision.Number, revision.PublishedAt, revision.PublishedBy, revision.IsLive);
}
