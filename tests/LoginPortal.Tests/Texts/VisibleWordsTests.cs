using LoginPortal.Core.Tenants;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Texts;

/// <summary>Every word of every page comes from the texts: a tenant that has put its own in place of all sees no other.</summary>
public sealed class VisibleWordsTests : PortalTests
{
    private static readonly string[] Data = ["Acme", "English", "Deutsch", "user@acme.example"];

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Pages_OfATenantWithItsOwnWords_HaveNoOthers(string language)
    {
        var portal = Start();
        await PublishMarkedWordsAsync(portal);
        using var browser = portal.OpenBrowser();
        await browser.GetAsync("/t/acme/sign-in?ui_locales=" + language);

        var pages = new List<Page>
        {
            await browser.GetAsync("/t/acme/sign-in"),
            await browser.GetAsync("/t/acme/sign-in?signed-out=true"),
            await browser.GetAsync("/t/acme/sign-in?flow=" + Guid.NewGuid()),
            await browser.IdentifyAsync("acme", "nobody"),
            await browser.IdentifyAsync("acme", "user@acme.example"),
            await browser.SignInAsync(password: ""),
            await browser.GetAsync("/t/acme/setup"),
            await browser.GetAsync("/t/acme/sign-in?password-reset=true"),
            await browser.GetAsync("/t/acme/forgot-password"),
            await browser.GetAsync("/t/acme/forgot-password?sent=true"),
            await browser.GetAsync("/t/acme/reset-password"),
            await browser.GetAsync("/t/acme/verify-address"),
            await browser.GetAsync("/t/acme/verify-address?confirmed=true"),
            await browser.GetAsync("/t/acme/nothing"),
        };
        for (var attempt = 0; attempt < 6; attempt++)
        {
            pages.Add(await browser.SignInAsync(address: "somebody@acme.example", password: "wrong-but-long-enough"));
        }

        pages.Add(await browser.SignInAsync());

        Assert.All(pages, page =>
        {
            Assert.Contains('⟦', page.Heading);
            Assert.DoesNotContain(
                VisibleWords.Unmarked([page.Document.Body!, .. page.Document.QuerySelectorAll("title")]),
                words => !Data.Contains(words) && words != "somebody@acme.example" && !IsTime(words));
        });
        Assert.Equal(pages.Count - 1, pages.Take(pages.Count - 1).Count(page => !page.Has("form[action='session/sign-out']")));
    }

    /// <summary>A moment is written by the rules of the language, not by its words.</summary>
    private static bool IsTime(string words) => words.EndsWith(" UTC", StringComparison.Ordinal);

    private static Task PublishMarkedWordsAsync(Portal portal) => portal.InTenantAsync("acme", async database =>
    {
        var tenant = await database.Tenants.Include(t => t.BrandingRevision).SingleAsync(t => t.Slug == "acme");
        tenant.BrandingRevision = new BrandingRevision
        {
            Id = Guid.CreateVersion7(),
            TenantId = tenant.Id,
            Number = 2,
            Document = tenant.BrandingRevision!.Document with { Texts = VisibleWords.Marked },
            PublishedAt = TimeProvider.System.GetUtcNow(),
        };
        database.Add(tenant.BrandingRevision);
        await database.SaveChangesAsync();
    });
}
