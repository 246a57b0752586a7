using System.Text;
using LoginPortal.Core.Tenants.Assets;

namespace LoginPortal.Core.Tests.Tenants.Assets;

/// <summary>What may be uploaded, and what only looks like it.</summary>
public sealed class AssetReaderTests
{
    [Fact]
    public void Read_FileOfEachFormat_SaysWhatItIs()
    {
        Assert.Equal(("image/png", 64, 32), Of(SampleFiles.Png(64, 32), AssetUse.Logo));
        Assert.Equal(("image/png", 4096, 4096), Of(SampleFiles.Png(4096, 4096), AssetUse.Background));
        Assert.Equal(("image/svg+xml", 40, 40), Of(Encoding.UTF8.GetBytes(SampleFiles.Drawing), AssetUse.Logo));
        Assert.Equal(("image/svg+xml", 0, 0), Of([0xEF, 0xBB, 0xBF, .. SampleFiles.Svg("<rect width='1' height='1'/>")], AssetUse.Favicon));
        Assert.Equal(("image/x-icon", 2, 2), Of(SampleFiles.Icon(), AssetUse.Favicon));
        Assert.Equal(("font/woff2", 0, 0), Of(SampleFiles.Woff2(), AssetUse.Font));
    }

    public static TheoryData<string, AssetProblemKind, AssetUse, byte[]> Refused => new()
    {
        { "nothing", AssetProblemKind.Empty, AssetUse.Logo, [] },
        { "too many bytes", AssetProblemKind.TooLarge, AssetUse.Logo, [.. SampleFiles.Png(1, 1), .. new byte[512 * 1024]] },
        { "text", AssetProblemKind.Format, AssetUse.Logo, "GIF89a and so on, long enough"u8.ToArray() },
        { "HTML with the name of a picture", AssetProblemKind.Element, AssetUse.Logo, "<!-- x --><html><script>alert(1)</script>"u8.ToArray() },
        { "XHTML", AssetProblemKind.Element, AssetUse.Logo, "<html xmlns='http://www.w3.org/1999/xhtml'/>"u8.ToArray() },
        { "a font as a logo", AssetProblemKind.Use, AssetUse.Logo, SampleFiles.Woff2() },
        { "an icon as a logo", AssetProblemKind.Use, AssetUse.Logo, SampleFiles.Icon() },
        { "a picture as a font", AssetProblemKind.Use, AssetUse.Font, SampleFiles.Png(1, 1) },
        { "a bomb of pixels", AssetProblemKind.Pixels, AssetUse.Background, SampleFiles.Png(65535, 65535) },
        { "one pixel too many", AssetProblemKind.Pixels, AssetUse.Logo, SampleFiles.Png(4097, 1) },
        { "a drawing of a million pixels", AssetProblemKind.Pixels, AssetUse.Logo, SampleFiles.Svg("", "width='1e6' height='1'") },
        { "an icon beyond its file", AssetProblemKind.Damaged, AssetUse.Favicon, SampleFiles.Icon(offset: 9000) },
        { "an icon within its directory", AssetProblemKind.Damaged, AssetUse.Favicon, SampleFiles.Icon(offset: 2) },
        { "an icon larger than its bytes", AssetProblemKind.Damaged, AssetUse.Favicon, SampleFiles.Icon(saidSide: 3000) },
        { "a compressed icon", AssetProblemKind.Damaged, AssetUse.Favicon, SampleFiles.Icon(compression: 1) },
        { "an icon without pictures", AssetProblemKind.Damaged, AssetUse.Favicon, [0, 0, 1, 0, 0, 0, .. new byte[40]] },
        { "a font with more than it says", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(bytesMore: 1) },
        { "a bomb of a font", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(bytesMore: 20_000_000) },
        { "a font with less than it says", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(bytesMore: -1) },
        { "a font without letters", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(without: 13) },
        { "a collection of fonts", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(flavor: "ttcf") },
        { "a font of another length", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2(lengthOff: 1) },
        { "a font that is cut", AssetProblemKind.Damaged, AssetUse.Font, SampleFiles.Woff2()[..50] },
        { "no XML", AssetProblemKind.Markup, AssetUse.Logo, "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"u8.ToArray() },
        { "UTF-7", AssetProblemKind.Markup, AssetUse.Logo, "<?xml version='1.0' encoding='UTF-7'?><svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray() },
        { "Latin 1", AssetProblemKind.Markup, AssetUse.Logo, [.. "<svg xmlns='http://www.w3.org/2000/svg' class='"u8, 0xE4, .. "'/>"u8] },
        { "a bomb of entities", AssetProblemKind.DocumentType, AssetUse.Logo, "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>"u8.ToArray() },
        { "a file of the server", AssetProblemKind.DocumentType, AssetUse.Logo, "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>"u8.ToArray() },
        { "a style sheet from elsewhere", AssetProblemKind.Instruction, AssetUse.Logo, "<?xml-stylesheet href='https://evil.example/x.css'?><svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray() },
        { "script", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<script>alert(1)</script>") },
        { "script of another namespace", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>") },
        { "SVG in no namespace", AssetProblemKind.Element, AssetUse.Logo, "<svg><rect/></svg>"u8.ToArray() },
        { "a foreign object", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>") },
        { "a link", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<a href='#x'><rect/></a>") },
        { "a picture from elsewhere", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<image href='https://evil.example/x.png'/>") },
        { "an animation that sets an address", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<g id='u'/><set href='#u' attributeName='href' to='javascript:alert(1)'/>") },
        { "another animation", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<rect><animate attributeName='href' values='x'/></rect>") },
        { "a filter with a picture", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<filter><feImage href='#x'/></filter>") },
        { "a handler", AssetProblemKind.Attribute, AssetUse.Logo, SampleFiles.Svg("<rect onclick='alert(1)'/>") },
        { "a handler of the root", AssetProblemKind.Attribute, AssetUse.Logo, SampleFiles.Svg("", "onload='alert(1)'") },
        { "another base", AssetProblemKind.Attribute, AssetUse.Logo, SampleFiles.Svg("<g xml:base='https://evil.example/'/>") },
        { "an attribute of a drawing program", AssetProblemKind.Attribute, AssetUse.Logo, SampleFiles.Svg("<g xmlns:i='http://www.inkscape.org/namespaces/inkscape' i:label='x'/>") },
        { "use from elsewhere", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<use href='https://evil.example/x.svg#a'/>") },
        { "use from elsewhere, the old way", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<use xlink:href='//evil.example/x.svg#a'/>") },
        { "use of data", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<use href='data:image/svg+xml;base64,PHN2Zy8+#a'/>") },
        { "a script in an address", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<use href='jav&#x61;script:alert(1)'/>") },
        { "a fill from elsewhere", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<rect fill='url(https://evil.example/#a)'/>") },
        { "a fill from elsewhere, in quotes", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<rect style=\"fill: URL( 'x.svg#a' )\"/>") },
        { "a set of pictures", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<rect style='mask: image-set(\"x.png\" 1x)'/>") },
        { "an address spelled with an escape", AssetProblemKind.Reference, AssetUse.Logo, SampleFiles.Svg("<rect style='fill: \\75 rl(x)'/>") },
        { "an import", AssetProblemKind.Style, AssetUse.Logo, SampleFiles.Svg("<style>@import 'https://evil.example/x.css';</style>") },
        { "an import in pieces", AssetProblemKind.Style, AssetUse.Logo, SampleFiles.Svg("<style>@im<!-- x -->port <![CDATA['x.css';]]></style>") },
        { "an address in pieces", AssetProblemKind.Style, AssetUse.Logo, SampleFiles.Svg("<style>.a { fill: url<![CDATA[(https://evil.example/x)]]> }</style>") },
        { "a typeface from elsewhere", AssetProblemKind.Style, AssetUse.Logo, SampleFiles.Svg("<style>@font-face { font-family: a; src: url(x.woff2) }</style>") },
        { "an element within styles", AssetProblemKind.Element, AssetUse.Logo, SampleFiles.Svg("<style>.a{}<g/>@import 'x';</style>") },
        { "parts that multiply", AssetProblemKind.TooComplex, AssetUse.Logo, SampleFiles.Svg("<g id='a'><rect/></g><g id='b'><use href='#a'/><use href='#a'/></g><use href='#b'/>") },
        { "too deep", AssetProblemKind.TooComplex, AssetUse.Logo, SampleFiles.Svg(string.Concat(Enumerable.Repeat("<g>", 100)) + string.Concat(Enumerable.Repeat("</g>", 100))) },
        { "too much", AssetProblemKind.TooComplex, AssetUse.Logo, SampleFiles.Svg(string.Concat(Enumerable.Repeat("<g/>", 20_000))) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_HostileFile_IsRefusedAndSaysWhy(string name, AssetProblemKind kind, AssetUse use, byte[] content)
    {
        var file = AssetReader.Read(content, use, out var problem);

        Assert.True(file is null, name);
        Assert.Equal(kind, problem!.Kind);
        Assert.True(problem.What.Length <= 60);
    }

    [Fact]
    public void Read_DrawingThatIsRefused_SaysOnWhichLine()
    {
        Assert.Null(AssetReader.Read(SampleFiles.Svg("\n\n<rect\n onclick='x'/>"), AssetUse.Logo, out var problem));

        Assert.Equal(new AssetProblem(AssetProblemKind.Attribute, "onclick", 4), problem);
    }

    [Fact]
    public void Read_BytesAtRandom_NeverThrows()
    {
        var random = new Random(7);
        byte[][] samples = [SampleFiles.Png(8, 8), SampleFiles.Icon(), SampleFiles.Woff2(), Encoding.UTF8.GetBytes(SampleFiles.Drawing), [0xFF, 0xD8, 0xFF, 0xC0, .. new byte[40]], [.. "RIFFxxxxWEBPVP8 "u8, .. new byte[40]]];
        for (var round = 0; round < 3000; round++)
        {
            var content = (byte[])samples[round % samples.Length].Clone();
            for (var change = 0; change < 4; change++)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            var file = AssetReader.Read(content.AsSpan(0, random.Next(1, content.Length + 1)), (AssetUse)(round % 4), out var problem);
            Assert.Equal(file is null, problem is not null);
        }
    }

    private static (string, int, int) Of(byte[] content, AssetUse use)
    {
        var file = AssetReader.Read(content, use, out var problem);
        Assert.Null(problem);
        return (file!.ContentType, file.Width, file.Height);
    }
}
