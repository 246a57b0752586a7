using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.TenantTransfer;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.TenantTransfer;

/// <summary>With what is the same whatever the engine is.</summary>
public sealed class TenantTransferSqliteTests() : TenantTransferTests(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task Export_InTheFile_HasNothingThatCanBeRead()
    {
        var (seed, _) = await AddAuthenticatorAsync();

        var (text, _) = await ExportAsync();

        Assert.DoesNotContain("ada@", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(seed)[..12], text, StringComparison.Ordinal);
        Assert.Contains("\"format\":\"loginportal-tenant\",\"version\":1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfAFileThatWasTouched_StoresNothing()
    {
        var lines = (await ExportAsync()).Text.TrimEnd('\n').Split('\n');
        var changed = lines[2][..20] + (lines[2][20] == 'A' ? 'B' : 'A') + lines[2][21..];

        await RefusedAsync("with this passphrase", string.Join('\n', lines), "another passphrase that is long");
        await RefusedAsync("has been changed", string.Join('\n', [.. lines[..2], changed, .. lines[3..]]));
        await RefusedAsync("lines before it are missing", string.Join('\n', [.. lines[..2], .. lines[3..]]));
        await RefusedAsync("ends too early", string.Join('\n', lines[..^1]));
        await RefusedAsync("no file of a tenant", "{}\n");
        await RefusedAsync("no file of a tenant", "PK\u0003\u0004");
        await RefusedAsync("with this passphrase", string.Join('\n', [lines[0].Replace("acme", "evil", StringComparison.Ordinal), .. lines[1..]]));
        await using var scope = Other.CreateScope();
        Assert.Equal("neighbour", (await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants.SingleAsync()).Slug);
    }

    [Fact]
    public async Task Parts_OfATenant_AreEitherTakenOrLeftBehind()
    {
        await using var scope = Host.CreateScope();
        var tables = scope.ServiceProvider.GetRequiredService<PortalDbContext>().Model.GetEntityTypes()
            .Where(entity => entity.FindProperty("TenantId") is not null || entity.ClrType == typeof(Tenant))
            .Select(entity => entity.ClrType);

        Assert.Equal(
            tables.Select(type => type.Name).Order(),
            TransferPart.All.Select(part => part.Type).Concat(TransferPart.LeftBehind).Select(type => type.Name).Order());
    }
}

public sealed class TenantTransferPostgreSqlTests() : TenantTransferTests(DatabaseProvider.PostgreSql);

public abstract class TenantTransferTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private const string Passphrase = "seven lamps beside the harbour";
    private TestDatabase _otherDatabase = null!;
    private protected CoreHost Other { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await GivenAsync();
        Host.Services.GetRequiredService<TenantExporter>().Iterations = 210_000;

        // The other installation has the other engine: what is written is of neither.
        _otherDatabase = await TestDatabase.CreateAsync(Database.Provider == DatabaseProvider.Sqlite ? DatabaseProvider.PostgreSql : DatabaseProvider.Sqlite);
        Other = new CoreHost(_otherDatabase, Clock);
        await Other.CreateTenantAsync("neighbour");
    }

    public override async ValueTask DisposeAsync()
    {
        await Other.DisposeAsync();
        await _otherDatabase.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Import_OfAnExport_HasEverythingAndPeopleSignIn()
    {
        var (seed, codes) = await AddAuthenticatorAsync();
        await DecorateAsync();

        var written = await ExportAsync(withEvents: true);
        var counts = await ImportAsync(written.Text);

        Assert.Equal(written.Counts, counts);
        Assert.Equal(1, counts["application_secret"]);
        Assert.True(counts["security_event"] > 0);
        await using var scope = Other.CreateScope();
        var tenant = (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync("acme", CancellationToken.None))!;
        Assert.Equal((Tenant.Id, 17, "#112233"), (tenant.Id, tenant.Policy.TrustedDeviceDays, tenant.Branding.Light.Accent));
        var browser = new Browser(Other, tenant);
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), TrustDevice: false)));
        browser = new Browser(Other, tenant);
        await browser.SignInAsync(Address, RightPassword);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCode(codes![0])));
    }

    [Fact]
    public async Task Import_OfATenantThatIsThere_IsRefused()
    {
        var (text, _) = await ExportAsync();
        await ImportAsync(text);

        await RefusedAsync("There is a tenant acme already", text);
        await RefusedAsync("is here already", text, slug: "copy");
        await Assert.ThrowsAsync<StartupException>(() => Host.Services.GetRequiredService<TenantExporter>()
            .ExportAsync("acme", "short", withEvents: false, TextWriter.Null, _ => { }, CancellationToken.None));
    }

    private async Task DecorateAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        var tenant = await scope.Database.Tenants.SingleAsync();
        tenant.Policy = tenant.Policy with { TrustedDeviceDays = 17 };
        tenant.BrandingRevision = new BrandingRevision
        {
            Id = Guid.CreateVersion7(),
            TenantId = Tenant.Id,
            Number = 1,
            Document = Branding.Default with { Light = Branding.Default.Light with { Accent = "#112233" } },
            PublishedAt = Clock.GetUtcNow(),
        };
        scope.Database.BrandAssets.Add(new BrandAsset
        {
            TenantId = Tenant.Id, Key = new string('a', 64), ContentType = "image/png", Content = [1, 2, 3], CreatedAt = Clock.GetUtcNow(),
        });
        scope.Database.TenantDomains.Add(new TenantDomain { Id = Guid.CreateVersion7(), TenantId = Tenant.Id, Host = "login.acme.example", VerifiedAt = Clock.GetUtcNow() });
        await DemoApplications.AddAsync(scope.Database, Tenant, Clock.GetUtcNow(), CancellationToken.None);
        await scope.Database.SaveChangesAsync();
    }

    private protected async Task<(string Text, IReadOnlyDictionary<string, int> Counts)> ExportAsync(bool withEvents = false)
    {
        await using var writer = new StringWriter { NewLine = "\n" };
        var counts = await Host.Services.GetRequiredService<TenantExporter>()
            .ExportAsync("acme", Passphrase, withEvents, writer, _ => { }, CancellationToken.None);
        return (writer.ToString(), counts);
    }

    private protected Task<IReadOnlyDictionary<string, int>> ImportAsync(string text, string passphrase = Passphrase, string? slug = null) =>
        Other.Services.GetRequiredService<TenantImporter>().ImportAsync(new StringReader(text), passphrase, slug, _ => { }, CancellationToken.None);

    private protected async Task RefusedAsync(string reason, string text, string passphrase = Passphrase, string? slug = null) => Assert.Contains(
        reason, (await Assert.ThrowsAsync<StartupException>(() => ImportAsync(text, passphrase, slug))).Message, StringComparison.Ordinal);
}
