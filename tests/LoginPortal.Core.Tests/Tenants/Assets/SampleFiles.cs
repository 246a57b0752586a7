using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LoginPortal.Core.Tests.Tenants.Assets;

/// <summary>Small files of each format that can be uploaded, and of what says to be one.</summary>
internal static class SampleFiles
{
    public const string Drawing =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- A logo as drawing programs write them. -->
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 40" width="40px" height="40" role="img" aria-label="A@B">
          <title>Acme</title>
          <defs>
            <linearGradient id="g" gradientTransform="rotate(30)"><stop offset="0" stop-color="#f00"/><stop offset="1" style="stop-color:rgb(0 0 0 / 50%)"/></linearGradient>
            <g id="part"><circle cx="5" cy="5" r="4"/></g>
          </defs>
          <style type="text/css"><![CDATA[ .a { fill: url(#g); } @media (prefers-color-scheme: dark) { .a { fill: #fff } } ]]></style>
          <path class="a" d="M1 1h10v10z" fill="url('#g')" transform="translate(1,2) scale(2)" data-name="x"/>
          <use xlink:href="#part" x="20"/><use href="#part" y="20"/>
        </svg>
        """;

    public static byte[] Png(uint width, uint height)
    {
        var content = new byte[64];
        ((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(content, 0);
        "IHDR"u8.CopyTo(content.AsSpan(12));
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(20), height);
        return content;
    }

    public static byte[] Svg(string inside, string attributes = "") =>
        Encoding.UTF8.GetBytes($"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" {attributes}>{inside}</svg>");

    /// <summary>One picture of 32 bits, uncompressed.</summary>
    public static byte[] Icon(int side = 2, int? offset = null, uint compression = 0, int? saidSide = null)
    {
        var bitmap = new byte[40 + (side * side * 4) + (side * 4)];
        BinaryPrimitives.WriteUInt32LittleEndian(bitmap, 40);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(4), saidSide ?? side);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(8), 2 * (saidSide ?? side));
        BinaryPrimitives.WriteUInt16LittleEndian(bitmap.AsSpan(12), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bitmap.AsSpan(14), 32);
        BinaryPrimitives.WriteUInt32LittleEndian(bitmap.AsSpan(16), compression);
        var entry = new byte[16];
        (entry[0], entry[1]) = ((byte)side, (byte)side);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), (uint)bitmap.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(12), (uint)(offset ?? 22));
        return [0, 0, 1, 0, 1, 0, .. entry, .. bitmap];
    }

    /// <summary>A typeface of empty tables, in the form that one has.</summary>
    /// <param name="bytesMore">How many bytes more there are than the directory says.</param>
    /// <param name="without">A table that is left out.</param>
    /// <param name="flavor">The kind of outlines.</param>
    /// <param name="lengthOff">By how much the header is wrong about the length of the file.</param>
    public static byte[] Woff2(int bytesMore = 0, int? without = null, string flavor = "OTTO", int lengthOff = 0)
    {
        // cmap, head, hhea, hmtx, maxp, CFF: each of nine bytes.
        int[] tables = [.. new[] { 0, 1, 2, 3, 4, 13 }.Where(table => table != without)];
        using var data = new MemoryStream();
        using (var brotli = new BrotliStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(new byte[(tables.Length * 9) + bytesMore]);
        }

        byte[] directory = [.. tables.SelectMany(table => new[] { (byte)table, (byte)9 })];
        var content = new byte[48 + directory.Length + data.Length];
        "wOF2"u8.CopyTo(content);
        Encoding.Latin1.GetBytes(flavor).CopyTo(content.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(8), (uint)(content.Length + lengthOff));
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(12), (ushort)tables.Length);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(16), 200);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(20), (uint)data.Length);
        directory.CopyTo(content, 48);
        data.ToArray().CopyTo(content, 48 + directory.Length);
        return content;
    }
}
