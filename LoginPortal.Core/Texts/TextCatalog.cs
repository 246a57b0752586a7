using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
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

    private static readonly ConcurrentDictionary<string, FrozenDictionary<string, string>> OwnTextsByLanguage = new(StringComparer.Ordinal);

    /// <summary>The languages there are words for, the default first.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "de"];

    /// <summary>The portal's own texts in a language, by key: those that a tenant may put its own in place of. Administration speaks as it is.</summary>
    public static IReadOnlyDictionary<string, string> OwnTexts(CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return OwnTextsByLanguage.GetOrAdd(culture.TwoLetterISOLanguageName, _ => Resources
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!
            .Cast<DictionaryEntry>()
            .Select(entry => (string)entry.Key)
            .Where(key => !key.StartsWith("Administration.", StringComparison.Ordinal))
            .ToFrozenDictionary(key => key, key => Resources.GetString(key, culture)!, StringComparer.Ordinal));
    }

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
