using System.Security.Cryptography;
using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Tenants.Assets;

/// <summary>
/// Says what an uploaded picture or font is, by its content alone: neither its name nor the type that a browser gives it matters. What is refused is
/// refused whole; nothing is mended in silence.
/// </summary>
public static class AssetReader
{
    /// <summary>The most bytes of a picture or font: 512 KiB.</summary>
    public const int MaximumBytes = 512 * 1024;

    /// <summary>The most pixels at each side of a picture.</summary>
    public const int MaximumSide = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="use">What it is to be.</param>
    /// <param name="problem">Why it is refused; <see langword="null"/> where it is not.</param>
    /// <returns>What it is; <see langword="null"/> where it is refused.</returns>
    public static AssetFile? Read(ReadOnlySpan<byte> content, AssetUse use, out AssetProblem? problem)
    {
        if (content.Length is 0 or > MaximumBytes)
        {
            problem = new AssetProblem(content.Length == 0 ? AssetProblemKind.Empty : AssetProblemKind.TooLarge);
            return null;
        }

        var format = Recognize(content, out problem);
        if (format is null)
        {
            problem ??= new AssetProblem(AssetProblemKind.Format);
            return null;
        }

        if (!IsFor(format.ContentType, use))
        {
            problem = new AssetProblem(AssetProblemKind.Use, format.ContentType);
            return null;
        }

        if (format.Width > MaximumSide || format.Height > MaximumSide)
        {
            problem = new AssetProblem(
                AssetProblemKind.Pixels, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{format.Width} × {format.Height}"));
            return null;
        }

        return new AssetFile(Convert.ToHexStringLower(SHA256.HashData(content)), format.ContentType, format.Width, format.Height);
    }

    /// <summary>Whether a file of a media type can be used so.</summary>
    public static bool IsFor(string contentType, AssetUse use) => use switch
    {
        AssetUse.Font => contentType == Woff2Format.ContentType,
        AssetUse.Favicon => contentType != Woff2Format.ContentType,
        _ => contentType is not (Woff2Format.ContentType or IconFormat.ContentType),
    };

    private static PictureFormat? Recognize(ReadOnlySpan<byte> content, out AssetProblem? problem)
    {
        problem = null;
        if (PictureFormat.Read(content) is { } picture)
        {
            return picture;
        }

        if (IconFormat.Is(content))
        {
            return IconFormat.Read(content, out problem);
        }

        if (Woff2Format.Is(content))
        {
            problem = Woff2Format.Check(content);
            return problem is null ? new PictureFormat(Woff2Format.ContentType, 0, 0) : null;
        }

        return SvgFormat.Is(content) ? SvgFormat.Read(content, out problem) : null;
    }
}

/// <summary>A file that may be stored.</summary>
/// <param name="Key">The key of its <see cref="BrandAsset"/>.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Width">Pixels; 0 for a font, and for a drawing that fits any size.</param>
/// <param name="Height">Likewise.</param>
public sealed record AssetFile(string Key, string ContentType, int Width, int Height);

/// <summary>What a picture or font is for.</summary>
public enum AssetUse
{
    /// <summary>A logo: PNG, JPEG, WebP or SVG.</summary>
    Logo = 0,

    /// <summary>The icon of the browser's tab: the same, or ICO.</summary>
    Favicon = 1,

    /// <summary>A picture behind the card or beside the form: as a logo.</summary>
    Background = 2,

    /// <summary>A typeface: WOFF2.</summary>
    Font = 3,
}

/// <summary>Why a file is refused.</summary>
/// <param name="Kind">Which way it is.</param>
/// <param name="What">The part that is refused, at most 60 characters; empty where the kind says it all.</param>
/// <param name="Line">The line that it is on, from 1; 0 where there are no lines.</param>
public sealed record AssetProblem(AssetProblemKind Kind, string What = "", int Line = 0);

/// <summary>The ways in which a file can be refused. The names are part of the JSON host's answers: they never change.</summary>
public enum AssetProblemKind
{
    /// <summary>There is nothing in it.</summary>
    Empty = 0,

    /// <summary>It has more than <see cref="AssetReader.MaximumBytes"/>.</summary>
    TooLarge = 1,

    /// <summary>It is none of the formats that there are.</summary>
    Format = 2,

    /// <summary>It is one of them, and not one for this use.</summary>
    Use = 3,

    /// <summary>A side is longer than <see cref="AssetReader.MaximumSide"/>.</summary>
    Pixels = 4,

    /// <summary>What it says of itself does not fit its bytes.</summary>
    Damaged = 5,

    /// <summary>A drawing that is not well-formed XML, or not UTF-8.</summary>
    Markup = 6,

    /// <summary>A drawing with a document type: entities could make it anything.</summary>
    DocumentType = 7,

    /// <summary>A drawing with an instruction to programs.</summary>
    Instruction = 8,

    /// <summary>A drawing with an element that is none of the allowed: script, foreign objects, links, pictures, animations.</summary>
    Element = 9,

    /// <summary>A drawing with an attribute that is none of the allowed, such as a handler.</summary>
    Attribute = 10,

    /// <summary>A drawing that refers to something outside itself.</summary>
    Reference = 11,

    /// <summary>A drawing with styles that could fetch or hide something.</summary>
    Style = 12,

    /// <summary>A drawing of too many elements, or of parts that repeat one another.</summary>
    TooComplex = 13,

    /// <summary>The tenant has stored too many files that no revision uses.</summary>
    TooMany = 14,
}
