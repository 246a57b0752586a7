using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// Branding as a file to keep, to hand on, or to carry from one portal to another: one JSON document with its pictures and font inside. What is read
/// from a file is judged as if it had been typed and uploaded, and is never published by itself.
/// </summary>
public sealed class BrandingFiles(AdministratorAccess access, TimeProvider time)
{
    /// <summary>The most bytes of a file: five pictures and fonts in base64, and the rest.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>The version of the form of the file.</summary>
    public const int Version = 1;

    private const string Format = "loginportal-branding";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        MaxDepth = 8,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The draft as a file, or what is live where there is none.</summary>
    public Task<AdministrationResult<byte[]>> WriteAsync(AdministratorSession session, CancellationToken cancellationToken) => access.RunAsync(
        session,
        AdministrationRight.Tenant,
        async (administrator, cancellation) =>
        {
            var database = administrator.Database;
            var draft = await database.BrandingDrafts.AsNoTracking().Select(d => d.Document).SingleOrDefaultAsync(cancellation);
            var document = draft ?? administrator.Tenant.Branding;
            var keys = document.Assets.Select(asset => asset.Key).Distinct(StringComparer.Ordinal).ToList();
            var assets = await database.BrandAssets.AsNoTracking()
                .Where(asset => keys.Contains(asset.Key))
                .ToDictionaryAsync(asset => asset.Key, asset => asset.Content, StringComparer.Ordinal, cancellation);
            return JsonSerializer.SerializeToUtf8Bytes(new BrandingFile(Format, Version, document, assets), Options);
        },
        cancellationToken);

    /// <summary>Reads a file and stores its pictures and font; the document is the caller's to save as a draft.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="content">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<BrandingFileResult>> ReadAsync(
        AdministratorSession session, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                if (content.Length > MaximumBytes)
                {
                    return new BrandingFileResult.Unreadable(BrandingFileProblem.TooLarge);
                }

                if (Parse(content.Span, out var problem) is not { } file)
                {
                    return problem!;
                }

                return Judge(file, out var assets) ?? await StoreAsync(administrator, file, assets, cancellation);
            },
            cancellationToken);

    private static BrandingFile? Parse(ReadOnlySpan<byte> content, out BrandingFileResult? problem)
    {
        problem = null;
        try
        {
            content = content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? content[3..] : content;
            if (JsonSerializer.Deserialize<BrandingFile>(content, Options) is { Format: Format } file)
            {
                problem = file.Version == Version ? null : new BrandingFileResult.Unreadable(BrandingFileProblem.Version);
                return problem is null ? file : null;
            }

            problem = new BrandingFileResult.Unreadable(BrandingFileProblem.Format);
        }
        catch (JsonException exception)
        {
            problem = new BrandingFileResult.Unreadable(BrandingFileProblem.Json, PathOf(exception), (int)(exception.LineNumber ?? 0) + 1);
        }

        return null;
    }

    /// <summary>What is wrong with the file; otherwise what its pictures and font are, by key.</summary>
    private static BrandingFileResult? Judge(BrandingFile file, out Dictionary<string, AssetFile> assets)
    {
        assets = new Dictionary<string, AssetFile>(StringComparer.Ordinal);
        var document = file.Document;

        // What is within dictionaries may be null for the serializer.
        if (document.Texts.FirstOrDefault(texts => texts.Value is null || texts.Value.Values.Any(text => text is null)) is { Key: { } language })
        {
            return new BrandingFileResult.Unreadable(BrandingFileProblem.Json, $"document.texts.{language}");
        }

        if (document.MailFooter.FirstOrDefault(footer => footer.Value is null) is { Key: { } footerLanguage })
        {
            return new BrandingFileResult.Unreadable(BrandingFileProblem.Json, $"document.mailFooter.{footerLanguage}");
        }

        foreach (var (path, key, use) in document.Assets)
        {
            if (!BrandAsset.IsKey(key) || file.Assets.GetValueOrDefault(key) is not { } content)
            {
                return new BrandingFileResult.Unreadable(BrandingFileProblem.AssetMissing, path);
            }

            if (AssetReader.Read(content, use, out var problem) is not { } read)
            {
                return new BrandingFileResult.AssetRefused(path, problem!);
            }

            if (read.Key != key)
            {
                return new BrandingFileResult.Unreadable(BrandingFileProblem.AssetChanged, path);
            }

            assets[key] = read;
        }

        if (file.Assets.Keys.Except(assets.Keys, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            return new BrandingFileResult.Unreadable(BrandingFileProblem.AssetUnused, unknown.Length > 16 ? $"{unknown[..16]}…" : unknown);
        }

        var problems = BrandingRules.Find(document, assets.ToDictionary(asset => asset.Key, asset => asset.Value.ContentType, StringComparer.Ordinal));
        return problems.Any(problem => !problem.IsForDrafts) ? new BrandingFileResult.Invalid([.. problems.Where(problem => !problem.IsForDrafts)]) : null;
    }

    private async Task<BrandingFileResult> StoreAsync(
        Administrator administrator, BrandingFile file, Dictionary<string, AssetFile> assets, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (key, asset) in assets)
        {
            if (!await BrandingAssets.StoreAsync(administrator, asset, file.Assets[key], now, cancellationToken))
            {
                return new BrandingFileResult.AssetRefused(
                    file.Document.Assets.First(reference => reference.Key == key).Path, new AssetProblem(AssetProblemKind.TooMany));
            }
        }

        return new BrandingFileResult.Read(file.Document);
    }

    private static string PathOf(JsonException exception) => exception.Path is { } path ? path[Math.Min(path.Length, path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 1)..] : "";

    /// <summary>The form of the file.</summary>
    private sealed record BrandingFile(string Format, int Version, Branding Document, IReadOnlyDictionary<string, byte[]> Assets);
}

/// <summary>What a file of branding came to. A closed family.</summary>
public abstract record BrandingFileResult
{
    private BrandingFileResult()
    {
    }

    /// <summary>It was read; its pictures and font are stored.</summary>
    /// <param name="Document">What is in it; it may still have what only keeps it from being published.</param>
    public sealed record Read(Branding Document) : BrandingFileResult;

    /// <summary>It is no such file.</summary>
    /// <param name="Problem">Why.</param>
    /// <param name="Path">Where in it; empty where that is not known.</param>
    /// <param name="Line">On which line, from 1; 0 likewise.</param>
    public sealed record Unreadable(BrandingFileProblem Problem, string Path = "", int Line = 0) : BrandingFileResult;

    /// <summary>A picture or font in it is refused.</summary>
    /// <param name="Path">Which.</param>
    /// <param name="Problem">Why.</param>
    public sealed record AssetRefused(string Path, AssetProblem Problem) : BrandingFileResult;

    /// <summary>Something in it cannot be so.</summary>
    /// <param name="Problems">What.</param>
    public sealed record Invalid(IReadOnlyList<BrandingProblem> Problems) : BrandingFileResult;
}

/// <summary>Why a file is no file of branding. The names are part of the JSON host's answers: they never change.</summary>
public enum BrandingFileProblem
{
    /// <summary>It has more than <see cref="BrandingFiles.MaximumBytes"/>.</summary>
    TooLarge = 0,

    /// <summary>It is not JSON, or has something in it that does not belong there.</summary>
    Json = 1,

    /// <summary>It is JSON of another kind.</summary>
    Format = 2,

    /// <summary>It is of a version that this portal does not know.</summary>
    Version = 3,

    /// <summary>A picture or font is named that is not in it.</summary>
    AssetMissing = 4,

    /// <summary>A picture or font is not what its key says.</summary>
    AssetChanged = 5,

    /// <summary>It holds a file that nothing in it uses.</summary>
    AssetUnused = 6,
}
