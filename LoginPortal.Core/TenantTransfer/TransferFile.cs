using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Setup;

namespace LoginPortal.Core.TenantTransfer;

/// <summary>The first line of a tenant's file, the only one that can be read without the passphrase.</summary>
/// <param name="Format">Always <see cref="TransferFile.Format"/>.</param>
/// <param name="Version">The version of the format.</param>
/// <param name="Schema">The last migration of the portal that wrote it: rows fit only the same schema.</param>
/// <param name="Slug">The tenant's name in addresses.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="Salt">The salt of the key.</param>
/// <param name="Iterations">The iterations of PBKDF2-HMAC-SHA512 that the key is made with.</param>
public sealed record TransferHeader(string Format, int Version, string Schema, string Slug, DateTimeOffset CreatedAt, byte[] Salt, int Iterations);

/// <summary>
/// The lines of a tenant's file: a header in clear, then one row a line, each sealed by itself with AES-256-GCM under a key from the passphrase. Its
/// number is the nonce and the header is authenticated with it, so that no line can be changed, left out, repeated or moved; the last says how many
/// rows there were, so that none can be cut off.
/// </summary>
internal sealed class TransferFile : IDisposable
{
    public const string Format = "loginportal-tenant";
    public const int Version = 1;

    /// <summary>The shortest passphrase, in characters.</summary>
    public const int LeastPassphrase = 15;

    private const int LeastIterations = 210_000;
    private const int MostIterations = 10_000_000;
    private const int TagLength = 16;

    private readonly AesGcm _cipher;
    private readonly byte[] _header;
    private long _number;

    private TransferFile(TransferHeader header, string headerLine, string passphrase)
    {
        Header = header;
        _header = Encoding.UTF8.GetBytes(headerLine);
        _cipher = new AesGcm(
            Rfc2898DeriveBytes.Pbkdf2(passphrase.Normalize(NormalizationForm.FormC), header.Salt, header.Iterations, HashAlgorithmName.SHA512, 32), TagLength);
    }

    public TransferHeader Header { get; }

    /// <summary>Begins a file.</summary>
    public static async Task<TransferFile> CreateAsync(TransferHeader header, string passphrase, TextWriter writer)
    {
        CheckPassphrase(passphrase);
        var line = JsonSerializer.Serialize(header, JsonSerializerOptions.Web);
        await writer.WriteLineAsync(line);
        return new TransferFile(header, line, passphrase);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="StartupException">It is none, or of another version.</exception>
    public static async Task<TransferFile> OpenAsync(TextReader reader, string passphrase, CancellationToken cancellationToken)
    {
        var line = await reader.ReadLineAsync(cancellationToken) ?? "";
        TransferHeader? header = null;
        try
        {
            header = JsonSerializer.Deserialize<TransferHeader>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // Said below.
        }

        return header is not { Format: Format, Salt.Length: > 0, Iterations: >= LeastIterations and <= MostIterations }
            ? throw new StartupException("This is no file of a tenant.")
            : header.Version != Version
                ? throw new StartupException($"The file has version {header.Version} of its format; this portal reads version {Version}.")
                : new TransferFile(header, line, passphrase);
    }

    /// <summary>Whether a passphrase can be used.</summary>
    /// <exception cref="StartupException">It is too short: the file can be tried against for as long as anybody likes.</exception>
    public static void CheckPassphrase(string passphrase)
    {
        if (passphrase.Length < LeastPassphrase)
        {
            throw new StartupException($"The passphrase must have at least {LeastPassphrase} characters.");
        }
    }

    /// <summary>Seals the next line.</summary>
    public string Seal(byte[] content)
    {
        var sealedLine = new byte[content.Length + TagLength];
        _cipher.Encrypt(NextNonce(), content, sealedLine.AsSpan(0, content.Length), sealedLine.AsSpan(content.Length), _header);
        return Convert.ToBase64String(sealedLine);
    }

    /// <summary>Opens the next line.</summary>
    /// <exception cref="StartupException">The passphrase is another, or the line was not the next when it was written.</exception>
    public byte[] Open(string line)
    {
        try
        {
            var bytes = Convert.FromBase64String(line);
            var content = new byte[bytes.Length - TagLength];
            _cipher.Decrypt(NextNonce(), bytes.AsSpan(0, content.Length), bytes.AsSpan(content.Length), content, _header);
            return content;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or OverflowException)
        {
            throw new StartupException(
                _number == 1
                    ? "The file cannot be opened with this passphrase."
                    : $"Line {_number + 1} of the file has been changed, or lines before it are missing.",
                exception);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private byte[] NextNonce()
    {
        var nonce = new byte[AesGcm.NonceByteSizes.MaxSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), _number++);
        return nonce;
    }
}
