using System.Buffers.Binary;

namespace LoginPortal.Core.Accounts;

/// <summary>What a picture is, by its own first bytes; what its sender calls it is of no importance.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record PictureFormat(string ContentType, int Width, int Height)
{
    private static ReadOnlySpan<byte> PngMark => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>PNG, JPEG or WebP; <see langword="null"/> for everything else.</summary>
    public static PictureFormat? Read(ReadOnlySpan<byte> content) => ReadPng(content) ?? ReadJpeg(content) ?? ReadWebP(content);

    /// <summary>PNG (Third Edition), 5.2 and 11.2.1.</summary>
    private static PictureFormat? ReadPng(ReadOnlySpan<byte> content) =>
        content.Length > 33 && content.StartsWith(PngMark) && content[12..16].SequenceEqual("IHDR"u8)
            ? Sized("image/png", BinaryPrimitives.ReadUInt32BigEndian(content[16..]), BinaryPrimitives.ReadUInt32BigEndian(content[20..]))
            : null;

    /// <summary>ITU-T T.81, B.1 and B.2.2: the size stands in the first start-of-frame segment.</summary>
    private static PictureFormat? ReadJpeg(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return null;
        }

        var position = 2;
        while (position + 9 < content.Length && content[position] == 0xFF)
        {
            var marker = content[position + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(content[(position + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(content[(position + 7)..]));
                return Sized("image/jpeg", width, height);
            }

            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(position + 2)..]);
        }

        return null;
    }

    /// <summary>RFC 9649, 2: the three kinds of first chunk.</summary>
    private static PictureFormat? ReadWebP(ReadOnlySpan<byte> content)
    {
        if (content.Length < 30 || !content.StartsWith("RIFF"u8) || !content[8..12].SequenceEqual("WEBP"u8))
        {
            return null;
        }

        var chunk = content[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return Sized("image/webp", Three(content[24..]) + 1u, Three(content[27..]) + 1u);
        }

        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[21..]);
            return Sized("image/webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.SequenceEqual("VP8 "u8)
            ? Sized("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(content[26..]) & 0x3FFFu, BinaryPrimitives.ReadUInt16LittleEndian(content[28..]) & 0x3FFFu)
            : null;
    }

    private static uint Three(ReadOnlySpan<byte> bytes) => bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16);

    private static PictureFormat? Sized(string contentType, uint width, uint height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new PictureFormat(contentType, (int)width, (int)height) : null;
}
