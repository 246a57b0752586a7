using System.Buffers.Binary;
using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Tenants.Assets;

/// <summary>An ICO file: a directory of pictures, each PNG or a bitmap without its file header.</summary>
internal static class IconFormat
{
    public const string ContentType = "image/x-icon";

    private const int DirectoryLength = 6;
    private const int EntryLength = 16;
    private const int MaximumPictures = 32;
    private const int BitmapHeaderLength = 40;

    public static bool Is(ReadOnlySpan<byte> content) =>
        content.Length > DirectoryLength + EntryLength && content.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]);

    /// <summary>The largest of its pictures; every one of them must be where the directory says, and be what it says.</summary>
    public static PictureFormat? Read(ReadOnlySpan<byte> content, out AssetProblem? problem)
    {
        problem = new AssetProblem(AssetProblemKind.Damaged, "ICO");
        int count = BinaryPrimitives.ReadUInt16LittleEndian(content[4..]);
        if (count is 0 or > MaximumPictures || content.Length < DirectoryLength + (count * EntryLength))
        {
            return null;
        }

        var (width, height) = (0, 0);
        for (var index = 0; index < count; index++)
        {
            var entry = content.Slice(DirectoryLength + (index * EntryLength), EntryLength);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            if (offset < DirectoryLength + (count * EntryLength) || (ulong)offset + length > (ulong)content.Length || length < BitmapHeaderLength
                || Size(content.Slice((int)offset, (int)length)) is not { } size)
            {
                return null;
            }

            (width, height) = (Math.Max(width, size.Width), Math.Max(height, size.Height));
        }

        problem = null;
        return new PictureFormat(ContentType, width, height);
    }

    private static (int Width, int Height)? Size(ReadOnlySpan<byte> picture)
    {
        if (PictureFormat.Read(picture) is { ContentType: "image/png" } png)
        {
            return (png.Width, png.Height);
        }

        // BITMAPINFOHEADER: the height counts the mask too; nothing is compressed, so that the bytes bound the pixels.
        if (BinaryPrimitives.ReadUInt32LittleEndian(picture) != BitmapHeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(picture[16..]) != 0)
        {
            return null;
        }

        var (width, height, bits) = (
            BinaryPrimitives.ReadInt32LittleEndian(picture[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(picture[8..]) / 2,
            BinaryPrimitives.ReadUInt16LittleEndian(picture[14..]));
        return width > 0 && height > 0 && bits is 1 or 4 or 8 or 24 or 32 && (long)width * height * bits / 8 <= picture.Length ? (width, height) : null;
    }
}
