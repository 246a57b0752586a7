using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The mails that a tenant's people have been sent, in Development.</summary>
public sealed class MailboxPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("Mailbox.Title");

    protected override bool OffersCircuit => false;

    private ILocator Mails => Page.GetByRole(AriaRole.Article);

    /// <summary>Opens it in a tab of its own.</summary>
    public static async Task<MailboxPage> OpenAsync(Fixtures.Visitor visitor, string tenant)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync($"/t/{tenant}/dev/mailbox");
        return await new MailboxPage(tab).ShownAsync();
    }

    /// <summary>The code of six digits in the newest mail.</summary>
    public async Task<string> NewestCodeAsync() =>
        System.Text.RegularExpressions.Regex.Match(
            await Mails.First.InnerTextAsync(), @"\b\d{6}\b", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;

    public Task ExpectSubjectsAsync(params string[] newestFirst) =>
        Expect(Mails.GetByRole(AriaRole.Heading)).ToHaveTextAsync(newestFirst);
}
