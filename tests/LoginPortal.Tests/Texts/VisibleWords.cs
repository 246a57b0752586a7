using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace LoginPortal.Tests.Texts;

/// <summary>Finds words on a page that come from nowhere but the page's own source.</summary>
internal static partial class VisibleWords
{
    private static readonly string[] SpokenAttributes =
        ["alt", "aria-label", "aria-description", "aria-placeholder", "data-busy-label", "data-label-hide", "data-label-show", "placeholder", "title"];

    /// <summary>Every text of the portal between brackets, in every language, as a tenant's own words.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Marked { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["en"] = Mark(TextFiles.English),
            ["de"] = Mark(TextFiles.German),
        };

    /// <summary>What can be seen or heard outside the brackets, punctuation aside.</summary>
    public static IEnumerable<string> Unmarked(IEnumerable<INode> roots)
    {
        foreach (var node in roots.SelectMany(root => root.DescendantsAndSelf()))
        {
            var spoken = node switch
            {
                IText when node.ParentElement?.LocalName is "script" or "style" => [],
                IText text => [text.Data],
                IElement element => SpokenAttributes.Select(element.GetAttribute).OfType<string>(),
                _ => (IEnumerable<string>)[],
            };
            foreach (var words in spoken.Select(text => Bracketed().Replace(text, "").Trim()).Where(text => text.Any(char.IsLetterOrDigit)))
            {
                yield return words;
            }
        }
    }

    private static Dictionary<string, string> Mark(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(text => text.Key, text => $"⟦{text.Value}⟧", StringComparer.Ordinal);

    [GeneratedRegex("⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")]
    private static partial Regex Bracketed();
}
