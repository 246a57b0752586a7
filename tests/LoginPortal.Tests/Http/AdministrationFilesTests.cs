using System.Net;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.Tenants;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>What administrators upload and download, as it comes over the wire.</summary>
public sealed class AdministrationFilesTests : PortalTests
{
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task BrandAsset_BeforeItIsPublished_IsForAdministratorsAlone()
    {
        var key = new string('a', 64);
        var address = $"/t/acme/brand/assets/{key}";
        await _portal.InTenantAsync("acme", async database =>
        {
            database.BrandAssets.Add(new BrandAsset
            {
                TenantId = await database.Tenants.Where(tenant => tenant.Slug == "acme").Select(tenant => tenant.Id).SingleAsync(),
                Key = key,
                ContentType = "image/svg+xml",
                Content = "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(),
                CreatedAt = Clock.GetUtcNow(),
                DraftUntil = Clock.GetUtcNow().AddDays(1),
            });
            await database.SaveChangesAsync();
        });
        using var stranger = _portal.OpenBrowser();
        using var member = _portal.OpenBrowser();
        using var administrator = _portal.OpenBrowser();
        await member.SignInAsync();
        await administrator.SignInAsync("acme", "admin@acme.example");

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync(address)).Status);
        var drafted = await administrator.GetAsync(address);
        await _portal.InTenantAsync("acme", database => database.BrandAssets.Where(asset => asset.Key == key)
            .ExecuteUpdateAsync(update => update.SetProperty(asset => asset.DraftUntil, (DateTimeOffset?)null)));
        var published = await stranger.GetAsync(address);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (drafted.Status, drafted.Header("Cache-Control")));
        Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"), (published.Status, published.Header("Cache-Control")));
        foreach (var page in (Page[])[drafted, published])
        {
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox", page.Header("Content-Security-Policy"));
        }
    }

    [Fact]
    public async Task WrongRows_ThatASpreadsheetWouldCompute_AreWrittenAsText()
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        await _portal.InTenantAsync("acme", async database =>
        {
            var tenantId = await database.Tenants.Where(tenant => tenant.Slug == "acme").Select(tenant => tenant.Id).SingleAsync();
            database.AccountImports.Add(new AccountImport
            {
                Id = id,
                TenantId = tenantId,
                FileName = "people.csv",
                CreatedAt = Clock.GetUtcNow(),
                ExpiresAt = Clock.GetUtcNow().AddDays(1),
                RowCount = 1,
                WrongCount = 1,
                ExistingCount = 0,
                IgnoredColumns = [],
            });
            database.AccountImportRows.Add(new AccountImportRow
            {
                ImportId = id,
                TenantId = tenantId,
                Line = 2,
                Address = "=HYPERLINK(1)",
                NormalizedAddress = "",
                GivenName = "@SUM(1)",
                FamilyName = "",
                Role = "",
                Language = "",
                Problem = AccountImportProblem.AddressMalformed,
            });
            await database.SaveChangesAsync();
        });
        using var administrator = _portal.OpenBrowser();
        await administrator.SignInAsync("acme", "admin@acme.example");

        var file = await administrator.GetAsync($"/t/acme/admin/people/import/{id}/wrong-rows.csv");

        Assert.Equal((HttpStatusCode.OK, "text/csv"), (file.Status, file.Header("Content-Type")?.Split(';')[0]));
        var row = file.Body.Split("\r\n")[1];
        Assert.Contains("'=HYPERLINK(1)", row, StringComparison.Ordinal);
        Assert.Contains("'@SUM(1)", row, StringComparison.Ordinal);
    }
}
