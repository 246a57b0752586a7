using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Xml;
using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Tenants.Assets;

/// <summary>
/// A drawing in SVG that only draws: elements and attributes of an allow-list, references to its own parts alone, no document type. It is served as
/// it is, so it must be read as a browser reads it: UTF-8, well-formed, no instructions.
/// </summary>
internal static class SvgFormat
{
    public const string ContentType = "image/svg+xml";

    private const string Namespace = "http://www.w3.org/2000/svg";
    private const string XLinkNamespace = "http://www.w3.org/1999/xlink";
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";
    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";
    private const int MaximumElements = 10_000;
    private const int MaximumDepth = 64;
    private const int MaximumUses = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly FrozenSet<string> Elements = SetOf(
        """
        svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan textPath linearGradient radialGradient stop
        clipPath mask pattern marker style switch filter feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB
        feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset
        """);

    private static readonly FrozenSet<string> Attributes = SetOf(
        """
        id class style lang role version baseProfile viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points
        pathLength transform transform-origin gradientTransform gradientUnits spreadMethod offset href clipPathUnits maskUnits maskContentUnits
        mask-type patternUnits patternContentUnits patternTransform markerWidth markerHeight markerUnits refX refY orient dx dy rotate textLength
        lengthAdjust startOffset method spacing side type media filterUnits primitiveUnits in in2 result stdDeviation mode values operator k1 k2 k3
        k4 radius tableValues slope intercept amplitude exponent space
        color display visibility overflow opacity fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
        stroke-miterlimit stroke-dasharray stroke-dashoffset stop-color stop-opacity clip-path clip-rule mask filter flood-color flood-opacity
        lighting-color marker marker-start marker-mid marker-end paint-order vector-effect shape-rendering text-rendering image-rendering
        color-rendering color-interpolation color-interpolation-filters mix-blend-mode isolation enable-background font font-family font-size
        font-weight font-style font-variant font-stretch font-size-adjust text-anchor text-decoration dominant-baseline alignment-baseline
        baseline-shift letter-spacing word-spacing writing-mode direction unicode-bidi focusable
        """);

    public static bool Is(ReadOnlySpan<byte> content)
    {
        var start = content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? content[3..] : content;
        return start.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
    }

    public static PictureFormat? Read(ReadOnlySpan<byte> content, out AssetProblem? problem)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            problem = new AssetProblem(AssetProblemKind.Markup, "UTF-8", 1);
            return null;
        }

        var settings = new XmlReaderSettings
        {
            // Found as a node, and refused by its own name below; nothing of it is ever loaded or expanded.
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersFromEntities = 1024,
            MaxCharactersInDocument = AssetReader.MaximumBytes,
            CloseInput = true,
        };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        try
        {
            var drawing = new Drawing();
            while (reader.Read())
            {
                if ((problem = drawing.Take(reader)) is not null)
                {
                    return null;
                }
            }

            problem = drawing.RepeatsItself ? new AssetProblem(AssetProblemKind.TooComplex, "use") : null;
            return problem is null ? new PictureFormat(ContentType, drawing.Width, drawing.Height) : null;
        }
        catch (XmlException exception)
        {
            problem = text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
                ? new AssetProblem(AssetProblemKind.DocumentType, "<!DOCTYPE", exception.LineNumber)
                : new AssetProblem(AssetProblemKind.Markup, "XML", exception.LineNumber);
            return null;
        }
    }

    private static FrozenSet<string> SetOf(string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static string Cut(string text) => text.Length > 60 ? string.Concat(text.AsSpan(0, 59), "…") : text;

    /// <summary>What has been read of a drawing.</summary>
    private sealed class Drawing
    {
        private readonly Stack<string?> _open = new();
        private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
        private readonly List<string> _targets = [];
        private int _elements;
        private StringBuilder? _styles;

        public int Width { get; private set; }

        public int Height { get; private set; }

        /// <summary>A part that is drawn by reference, and draws others so: each such level multiplies what a browser has to draw.</summary>
        public bool RepeatsItself => _targets.Count > MaximumUses || _targets.Exists(_containers.Contains);

        public AssetProblem? Take(XmlReader reader)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.XmlDeclaration:
                    return reader.GetAttribute("encoding") is { } encoding && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                        ? Problem(AssetProblemKind.Markup, encoding, reader)
                        : null;
                case XmlNodeType.ProcessingInstruction:
                    return Problem(AssetProblemKind.Instruction, reader.Name, reader);
                case XmlNodeType.DocumentType or XmlNodeType.EntityReference or XmlNodeType.Entity:
                    return Problem(AssetProblemKind.DocumentType, reader.Name, reader);
                case XmlNodeType.Element:
                    return Open(reader);
                case XmlNodeType.EndElement:
                    Close();

                    // Judged whole: a comment, or a section within it, can stand in the middle of a word.
                    var styles = _styles?.ToString() ?? "";
                    _styles = null;
                    return SvgStyles.IsHarmless(styles) ? null : Problem(AssetProblemKind.Style, styles.Trim(), reader);
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    _styles?.Append(reader.Value);
                    return null;
                default:
                    return null;
            }
        }

        private static AssetProblem Problem(AssetProblemKind kind, string what, XmlReader reader) =>
            new(kind, Cut(what), (reader as IXmlLineInfo)?.LineNumber ?? 0);

        private AssetProblem? Open(XmlReader reader)
        {
            if (reader.NamespaceURI != Namespace || !Elements.Contains(reader.LocalName) || (_elements == 0 && reader.LocalName != "svg") || _styles is not null)
            {
                return Problem(AssetProblemKind.Element, $"<{reader.Name}>", reader);
            }

            if (++_elements > MaximumElements || reader.Depth > MaximumDepth)
            {
                return Problem(AssetProblemKind.TooComplex, $"<{reader.Name}>", reader);
            }

            var (name, isEmpty, isRoot) = (reader.LocalName, reader.IsEmptyElement, _elements == 1);
            string? id = null;
            while (reader.MoveToNextAttribute())
            {
                if (Check(reader, name) is { } problem)
                {
                    return problem;
                }

                switch (reader.LocalName)
                {
                    case "id":
                        id = reader.Value;
                        break;
                    case "width" when isRoot:
                        Width = Pixels(reader.Value);
                        break;
                    case "height" when isRoot:
                        Height = Pixels(reader.Value);
                        break;
                }
            }

            reader.MoveToElement();
            _open.Push(id);
            if (name is "use" or "textPath")
            {
                _containers.UnionWith(_open.OfType<string>());
            }

            if (isEmpty)
            {
                Close();
            }
            else if (name == "style")
            {
                _styles = new StringBuilder();
            }

            return null;
        }

        private void Close() => _open.Pop();

        private AssetProblem? Check(XmlReader reader, string element)
        {
            var (name, value) = (reader.LocalName, reader.Value);
            switch (reader.NamespaceURI)
            {
                case XmlnsNamespace:
                    return null;
                case XmlNamespace:
                    return name is "space" or "lang" ? null : Problem(AssetProblemKind.Attribute, reader.Name, reader);
                case XLinkNamespace when name == "href":
                case "" when name == "href":
                    if (value.Length < 2 || value[0] != '#')
                    {
                        return Problem(AssetProblemKind.Reference, $"{reader.Name}=\"{value}\"", reader);
                    }

                    if (element == "use")
                    {
                        _targets.Add(value[1..]);
                    }

                    return null;
                case "" when name.StartsWith("aria-", StringComparison.Ordinal) || name.StartsWith("data-", StringComparison.Ordinal):
                    return null;
                case "" when Attributes.Contains(name):
                    return SvgStyles.IsHarmless(value) ? null : Problem(AssetProblemKind.Reference, $"{reader.Name}=\"{value}\"", reader);
                default:
                    return Problem(AssetProblemKind.Attribute, reader.Name, reader);
            }
        }

        /// <summary>A size in pixels; 0 for one that follows from where the drawing is.</summary>
        private static int Pixels(string value)
        {
            var number = value.Trim();
            number = number.EndsWith("px", StringComparison.Ordinal) ? number[..^2] : number;
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var pixels) && pixels > 0
                ? (int)Math.Min(pixels, int.MaxValue)
                : 0;
        }
    }
}
