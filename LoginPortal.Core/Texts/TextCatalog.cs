using System.Globalization;
using System.Resources;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Texts;

/// <summary>
/// The words of the portal by language, and over them the tenant's own. The language is always said: a circuit has no culture of
/// its own to rely on.
/// </summary>
public static class TextCatalog
{
    private static readonly ResourceManager Resources = new("LoginPortal.Core.Texts.PortalTexts", typeof(TextCatalog).Assembly);

    /// <summary>The languages there are words for, the default first.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "de"];

    /// <summary>The text with this key.</summary>
    /// <param name="key">A key of <c>PortalTexts.resx</c>.</param>
    /// <param name="culture">The language; where it has no such text, English.</param>
    /// <param name="branding">The tenant's own words; <see langword="null"/> for none.</param>
    /// <exception cref="KeyNotFoundException">There is no such key: a bug in the caller.</exception>
    public static string Get(string key, CultureInfo culture, Branding? branding)
    {
        ArgumentNullException.ThrowIfNull(culture);
        if (branding is not null
            && branding.Texts.TryGetValue(culture.TwoLetterISOLanguageName, out var own)
            && own.TryGetValue(key, out var text))
        {
            return text;
        }

        return Resources.GetString(key, culture) ?? throw new KeyNotFoundException($"There is no text '{key}'.");
    }
}
