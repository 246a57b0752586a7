using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace LoginPortal.Core.Tenants.Assets;

/// <summary>
/// Values and rules of style within a drawing. They may name its own parts, <c>url(#part)</c>, and use functions that draw; whatever could fetch
/// something, or be read otherwise than it looks, is refused.
/// </summary>
internal static partial class SvgStyles
{
    private static readonly FrozenSet<string> Functions = new[]
    {
        "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix", "light-dark", "matrix", "translate", "translatex", "translatey",
        "scale", "scalex", "scaley", "rotate", "skewx", "skewy", "calc", "min", "max", "clamp", "var", "polygon", "circle", "ellipse", "inset", "path",
        "blur", "brightness", "contrast", "drop-shadow", "grayscale", "hue-rotate", "invert", "saturate", "sepia", "not", "is", "where", "nth-child",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsHarmless(string value)
    {
        // An escape spells a name that is not seen; of at-rules only the question of what a screen prefers is asked.
        if (value.Contains('\\', StringComparison.Ordinal)
            || AtRule().EnumerateMatches(value) is var rules && HasOther(value, rules)
            || value.Contains("javascript:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var local = LocalReference().Replace(value, " ");
        foreach (var match in Function().EnumerateMatches(local))
        {
            if (!Functions.Contains(local.Substring(match.Index, match.Length - 1).ToLowerInvariant()))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasOther(string value, Regex.ValueMatchEnumerator rules)
    {
        foreach (var rule in rules)
        {
            if (!value.AsSpan(rule.Index, rule.Length).Equals("@media", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("@[a-zA-Z-]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtRule();

    [GeneratedRegex("""\burl\(\s*(?<quote>['"]?)#[A-Za-z0-9_.:-]+\k<quote>\s*\)""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LocalReference();

    [GeneratedRegex("""[^\s,;:{}()'"=+*/<>]+\(""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Function();
}
