using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LoginPortal.Core.Tenants.Assets;

/// <summary>A typeface in the Web Open Font Format 2.0 (W3C Recommendation): its header, its table directory, and that its data is as long as they say.</summary>
internal static class Woff2Format
{
    public const string ContentType = "font/woff2";

    private const int HeaderLength = 48;
    private const int MaximumTables = 64;

    /// <summary>The most bytes that the tables may have once they are decompressed.</summary>
    private const int MaximumLength = 8 * 1024 * 1024;

    /// <summary>The tags that a byte stands for (5.2), four letters each.</summary>
    private const string KnownTags =
        "cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmxkernLTSHPCLTVDMXvheavmtxBASEGDEFGPOSGSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG "
        + "sbixacntavarbdatblocbslncvarfdscfeatfmtxfvargvarhstyjustlcarmortmorxopbdproptrakZapfSilfGlatGlocFeatSill";

    public static bool Is(ReadOnlySpan<byte> content) => content.StartsWith("wOF2"u8);

    public static AssetProblem? Check(ReadOnlySpan<byte> content)
    {
        var damaged = new AssetProblem(AssetProblemKind.Damaged, "WOFF2");
        if (content.Length < HeaderLength)
        {
            return damaged;
        }

        var flavor = content[4..8];
        int tables = BinaryPrimitives.ReadUInt16BigEndian(content[12..]);
        var compressed = BinaryPrimitives.ReadUInt32BigEndian(content[20..]);
        if (!(flavor.SequenceEqual((ReadOnlySpan<byte>)[0, 1, 0, 0]) || flavor.SequenceEqual("OTTO"u8) || flavor.SequenceEqual("true"u8))
            || BinaryPrimitives.ReadUInt32BigEndian(content[8..]) != content.Length
            || tables is 0 or > MaximumTables
            || BinaryPrimitives.ReadUInt16BigEndian(content[14..]) != 0
            || BinaryPrimitives.ReadUInt32BigEndian(content[16..]) > MaximumLength
            || !IsInside(content, 28) || !IsInside(content, 40))
        {
            return damaged;
        }

        var position = HeaderLength;
        if (ReadDirectory(content, tables, ref position) is not { } length || compressed > content.Length - position)
        {
            return damaged;
        }

        return IsAsLongAs(content.Slice(position, (int)compressed), length) ? null : damaged;
    }

    /// <summary>Whether the block whose offset and length are at <paramref name="at"/>, metadata or private data, is within the file, or is none.</summary>
    private static bool IsInside(ReadOnlySpan<byte> content, int at) =>
        (ulong)BinaryPrimitives.ReadUInt32BigEndian(content[at..]) + BinaryPrimitives.ReadUInt32BigEndian(content[(at + 4)..]) <= (ulong)content.Length;

    /// <summary>How long the tables are in the data; <see langword="null"/> where the directory is broken, or what a typeface needs is missing.</summary>
    private static long? ReadDirectory(ReadOnlySpan<byte> content, int tables, ref int position)
    {
        var tags = new HashSet<string>(StringComparer.Ordinal);
        var length = 0L;
        for (var table = 0; table < tables; table++)
        {
            if (position >= content.Length)
            {
                return null;
            }

            var flags = content[position++];
            var known = flags & 0x3F;
            string tag;
            if (known == 0x3F)
            {
                if (position + 4 > content.Length)
                {
                    return null;
                }

                tag = Encoding.Latin1.GetString(content.Slice(position, 4));
                position += 4;
            }
            else
            {
                tag = KnownTags.Substring(known * 4, 4);
            }

            // Without a transform version 'glyf' and 'loca' are transformed, every other table is not (5.1).
            var isTransformed = tag is "glyf" or "loca" ? flags >> 6 == 0 : flags >> 6 != 0;
            if (ReadLength(content, ref position) is not { } original || (isTransformed ? ReadLength(content, ref position) : original) is not { } stored)
            {
                return null;
            }

            length += stored;
            if (!tags.Add(tag) || length > MaximumLength)
            {
                return null;
            }
        }

        var isWhole = tags.IsSupersetOf(["cmap", "head", "hhea", "hmtx", "maxp"])
            && (tags.IsSupersetOf(["glyf", "loca"]) || tags.Contains("CFF ") || tags.Contains("CFF2") || tags.Contains("CBDT") || tags.Contains("sbix"));
        return isWhole ? length : null;
    }

    /// <summary>UIntBase128 (4.1): seven bits a byte, at most five bytes, no leading zeros.</summary>
    private static long? ReadLength(ReadOnlySpan<byte> content, ref int position)
    {
        var value = 0L;
        for (var index = 0; index < 5 && position < content.Length; index++)
        {
            var next = content[position++];
            if (index == 0 && next == 0x80)
            {
                return null;
            }

            value = (value << 7) | (uint)(next & 0x7F);
            if ((next & 0x80) == 0)
            {
                return value <= uint.MaxValue ? value : null;
            }
        }

        return null;
    }

    /// <summary>Decompresses without keeping anything, and no further than the directory says.</summary>
    private static bool IsAsLongAs(ReadOnlySpan<byte> compressed, long length)
    {
        using var decoder = new BrotliDecoder();
        var buffer = new byte[64 * 1024];
        var written = 0L;
        while (true)
        {
            var status = decoder.Decompress(compressed, buffer, out var read, out var count);
            compressed = compressed[read..];
            written += count;
            if (written > length || status is System.Buffers.OperationStatus.InvalidData or System.Buffers.OperationStatus.NeedMoreData)
            {
                return false;
            }

            if (status == System.Buffers.OperationStatus.Done)
            {
                return written == length && compressed.IsEmpty;
            }
        }
    }
}
