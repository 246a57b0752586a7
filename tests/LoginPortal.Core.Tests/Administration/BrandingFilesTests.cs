using System.Text;
using System.Text.Json.Nodes;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using LoginPortal.Core.Tests.Tenants.Assets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoginPortal.Core.Tests.Administration;

public sealed class BrandingFilesSqliteTests() : BrandingFilesTests(DatabaseProvider.Sqlite);

public sealed class BrandingFilesPostgreSqlTests() : BrandingFilesTests(DatabaseProvider.PostgreSql);

/// <summary>Pictures and fonts of a tenant, and its branding as a file.</summary>
public abstract class BrandingFilesTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private BrandingAssets Uploads => Host.Services.GetRequiredService<BrandingAssets>();

    private BrandingFiles Files => Host.Services.GetRequiredService<BrandingFiles>();

    private BrandingStudio Studio => Host.Services.GetRequiredService<BrandingStudio>();

    [Fact]
    public async Task Upload_UntilItIsPublished_GoesWithinADayUnlessTheDraftHasIt()
    {
        var session = await AdministratorAsync();
        var (drafted, idle) = (await UploadAsync(session, SampleFiles.Png(10, 10)), await UploadAsync(session, SampleFiles.Png(11, 11)));
        await SaveAsync(session, Branding.Default with { LogoLight = drafted }, 0);
        Assert.Equal(drafted, await UploadAsync(session, SampleFiles.Png(10, 10)));

        await CleanUpAsync(BrandingAssets.Unused - TimeSpan.FromMinutes(1));
        Assert.Equal(2, await CountAsync());
        await CleanUpAsync(TimeSpan.FromMinutes(2));

        Assert.Equal([drafted], await ReadAsync(database => database.BrandAssets.Select(asset => asset.Key).ToListAsync()));
        Assert.Null(Assert.IsType<AdministrationResult<BrandAsset?>.Answered>(await Uploads.FindAsync(await SignInAgainAsync(), idle, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Upload_ThatWasPublished_StaysForTheRevisionsThatHaveIt()
    {
        var session = await AdministratorAsync();
        var logo = await UploadAsync(session, SampleFiles.Png(10, 10));
        await SaveAsync(session, Branding.Default with { LogoLight = logo }, 0);
        Assert.NotNull((await ReadAsync(database => database.BrandAssets.SingleAsync())).DraftUntil);
        var live = Standing(await Studio.PublishAsync(session, 1, null, CancellationToken.None)).LiveRevisionId;
        Assert.Null((await ReadAsync(database => database.BrandAssets.SingleAsync())).DraftUntil);

        Standing(await Studio.RestoreAsync(session, null, live, CancellationToken.None));
        await CleanUpAsync(TimeSpan.FromDays(400));

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Upload_ThatIsRefused_StoresNothingAndAMemberStoresNone()
    {
        var session = await AdministratorAsync();

        var refused = Assert.IsType<AssetResult.Refused>(AnswerOf(
            await Uploads.UploadAsync(session, SampleFiles.Svg("<script/>"), AssetUse.Logo, CancellationToken.None)));

        Assert.Equal(AssetProblemKind.Element, refused.Problem.Kind);
        Assert.Equal(0, await CountAsync());
        await GivenAsync(PortalRole.Member, "other");
        var member = await AsAdministratorAsync();
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Uploads.UploadAsync(member, SampleFiles.Png(1, 1), AssetUse.Logo, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Files.WriteAsync(member, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Files.ReadAsync(member, "{}"u8.ToArray(), CancellationToken.None)));
    }

    [Fact]
    public async Task Upload_BeyondWhatMayBeUnused_IsRefused()
    {
        var session = await AdministratorAsync();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            var now = Clock.GetUtcNow();
            scope.Database.BrandAssets.AddRange(Enumerable.Range(0, BrandingAssets.MaximumUnused).Select(number => new BrandAsset
            {
                TenantId = Tenant.Id, Key = $"{number:x64}", ContentType = "image/png", Content = [1], CreatedAt = now, DraftUntil = now.AddHours(1),
            }));
            await scope.Database.SaveChangesAsync();
        }

        var refused = Assert.IsType<AssetResult.Refused>(AnswerOf(
            await Uploads.UploadAsync(session, SampleFiles.Png(1, 1), AssetUse.Logo, CancellationToken.None)));

        Assert.Equal(AssetProblemKind.TooMany, refused.Problem.Kind);
    }

    [Fact]
    public async Task File_WrittenAndReadInAnotherTenant_MakesTheSameBranding()
    {
        var session = await AdministratorAsync();
        var (logo, font) = (await UploadAsync(session, Encoding.UTF8.GetBytes(SampleFiles.Drawing)), await UploadAsync(session, SampleFiles.Woff2(), AssetUse.Font));
        var branding = Branding.Default with
        {
            LogoLight = logo, LogoDark = logo, FontFile = font, Font = FontStack.Serif, Layout = PageLayout.Split,
            Background = new BrandBackground { Angle = 20 },
            Texts = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
            {
                ["de"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["SignIn.Welcome"] = "Schön, <b>dass</b> Sie da sind" },
            },
            TermsLink = new Uri("https://acme.example/terms"), SupportLink = new Uri("mailto:help@acme.example"), CustomStyles = ".card { box-shadow: none }",
        };
        await SaveAsync(session, branding, 0);
        var file = AnswerOf(await Files.WriteAsync(session, CancellationToken.None));
        await GivenAsync(PortalRole.TenantAdministrator, "globex");
        var other = await AsAdministratorAsync();

        var read = Assert.IsType<BrandingFileResult.Read>(AnswerOf(await Files.ReadAsync(other, file, CancellationToken.None))).Document;

        Assert.Equal(2, await CountAsync());
        Assert.Empty(Standing(await Studio.SaveAsync(other, read, 0, CancellationToken.None)).Problems);
        Assert.Equal(file, AnswerOf(await Files.WriteAsync(other, CancellationToken.None)));
        Assert.Equal(16, AnswerOf(await Studio.ShowAsync(other, CancellationToken.None)).Live.CornerRadius);
    }

    private static readonly (string Name, BrandingFileProblem? Problem, string Content)[] Hostile =
    [
        ("no JSON", BrandingFileProblem.Json, "branding"),
        ("nothing", BrandingFileProblem.Json, ""),
        ("JSON of another kind", BrandingFileProblem.Json, "{\"hello\":1}"),
        ("null", BrandingFileProblem.Format, "null"),
        ("another format", BrandingFileProblem.Format, File(format: "theme")),
        ("another version", BrandingFileProblem.Version, File(version: 2)),
        ("a member twice", BrandingFileProblem.Json, """{"format":"loginportal-branding","format":"loginportal-branding","version":1,"document":{},"assets":{}}"""),
        ("an unknown member", BrandingFileProblem.Json, File("\"script\":\"x\"")),
        ("a palette without colours", BrandingFileProblem.Json, File("\"light\":{}")),
        ("no palette", BrandingFileProblem.Json, File("\"dark\":null")),
        ("a number for a name", BrandingFileProblem.Json, File("\"layout\":1")),
        ("a word for a number", BrandingFileProblem.Json, File("\"cornerRadius\":\"12\"")),
        ("no texts", BrandingFileProblem.Json, File("\"texts\":{\"de\":null}")),
        ("no text", BrandingFileProblem.Json, File("\"texts\":{\"de\":{\"SignIn.Welcome\":null}}")),
        ("no footer", BrandingFileProblem.Json, File("\"mailFooter\":{\"de\":null}")),
        ("a file of the server", BrandingFileProblem.AssetMissing, File("\"logoLight\":\"../../etc/passwd\"")),
        ("a picture that is not there", BrandingFileProblem.AssetMissing, File($"\"logoLight\":\"{new string('a', 64)}\"")),
        ("a picture under another key", BrandingFileProblem.AssetChanged, File($"\"logoLight\":\"{new string('a', 64)}\"", $"\"{new string('a', 64)}\":\"{Base64(SampleFiles.Png(1, 1))}\"")),
        ("a picture that nothing uses", BrandingFileProblem.AssetUnused, File(assets: $"\"{new string('a', 64)}\":\"{Base64(SampleFiles.Png(1, 1))}\"")),
        ("a picture that is no base64", BrandingFileProblem.Json, File(assets: $"\"{new string('a', 64)}\":\"***\"")),
        ("a script for a picture", null, File($"\"favicon\":\"{new string('a', 64)}\"", $"\"{new string('a', 64)}\":\"{Base64(SampleFiles.Svg("<script/>"))}\"")),
        ("a script for an address", null, File("\"termsLink\":\"javascript:alert(1)\"")),
        ("styles that fetch", null, File("\"customStyles\":\".card { background-color: url(x) }\"")),
        ("a colour that is none", null, File("\"light\":{\"accent\":\"red;}\",\"onAccent\":\"#ffffff\",\"canvas\":\"#ffffff\",\"surface\":\"#ffffff\",\"text\":\"#000000\"}")),
        ("a text for no key", null, File("\"texts\":{\"de\":{\"No.Such\":\"x\"}}")),
        ("too deep", BrandingFileProblem.Json, File($"\"texts\":{string.Concat(Enumerable.Repeat("{\"a\":", 40))}1{new string('}', 40)}")),
    ];

    [Fact]
    public async Task File_ThatIsHostile_IsRefusedAndChangesNothing()
    {
        var session = await AdministratorAsync();

        foreach (var (name, problem, content) in Hostile)
        {
            var result = AnswerOf(await Files.ReadAsync(session, Encoding.UTF8.GetBytes(content), CancellationToken.None));

            Assert.True(problem is null ? result is BrandingFileResult.Invalid or BrandingFileResult.AssetRefused : result is BrandingFileResult.Unreadable, $"{name}: {result}");
            Assert.Equal((name, problem), (name, (result as BrandingFileResult.Unreadable)?.Problem));
        }

        Assert.Equal(0, await CountAsync());
        Assert.Equal(0, AnswerOf(await Studio.ShowAsync(session, CancellationToken.None)).Version);
    }

    [Fact]
    public void Sample_WithoutAnythingWrong_IsWhatTheHostileOnesAreMadeFrom() =>
        Assert.Equal("loginportal-branding", JsonNode.Parse(File())!["format"]!.GetValue<string>());

    private static string File(string document = "", string assets = "", string format = "loginportal-branding", int version = 1) =>
        $"{{\"format\":\"{format}\",\"version\":{version},\"document\":{{{document}}},\"assets\":{{{assets}}}}}";

    private static string Base64(byte[] content) => Convert.ToBase64String(content);

    private static BrandingStanding Standing(AdministrationResult<BrandingChange> result) => Assert.IsType<BrandingChange.Done>(AnswerOf(result)).Standing;

    private async Task<AdministratorSession> AdministratorAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        return await AsAdministratorAsync();
    }

    private Task<AdministratorSession> SignInAgainAsync() => AsAdministratorAsync();

    private async Task<string> UploadAsync(AdministratorSession session, byte[] content, AssetUse use = AssetUse.Logo) =>
        Assert.IsType<AssetResult.Stored>(AnswerOf(await Uploads.UploadAsync(session, content, use, CancellationToken.None))).File.Key;

    private async Task SaveAsync(AdministratorSession session, Branding branding, int version) =>
        Assert.Empty(Standing(await Studio.SaveAsync(session, branding, version, CancellationToken.None)).Problems);

    private Task<int> CountAsync() => ReadAsync(database => database.BrandAssets.CountAsync());

    private async Task CleanUpAsync(TimeSpan later)
    {
        Clock.Advance(later);
        using var cleanup = new ExpiredDataCleanup(
            Host.Services.GetRequiredService<IServiceScopeFactory>(), Clock, NullLogger<ExpiredDataCleanup>.Instance);
        await cleanup.RunOnceAsync(CancellationToken.None);
    }
}
