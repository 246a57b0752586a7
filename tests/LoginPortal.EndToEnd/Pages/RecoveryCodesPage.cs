using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The recovery codes, shown once.</summary>
public sealed class RecoveryCodesPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("RecoveryCodes.Title");

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var codes = Page.Locator(".recovery-codes").GetByRole(AriaRole.Listitem);
        await Expect(codes).ToHaveCountAsync(10);
        return await codes.AllInnerTextsAsync();
    }

    /// <summary>Goes on from a sign-in.</summary>
    public Task<HomePage> KeepAsync() => KeepAsync(new HomePage(Tab));

    /// <summary>Goes on from a sign-in that leads to <paramref name="next"/>.</summary>
    public async Task<TPage> KeepAsync<TPage>(TPage next)
        where TPage : PortalPage
    {
        await Button("RecoveryCodes.Kept").ClickAsync();
        return await next.ShownAsync();
    }

    /// <summary>Goes back to the account's own page.</summary>
    public async Task<SecurityPage> ReturnAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("RecoveryCodes.Kept") }).ClickAsync();
        return await new SecurityPage(Tab).ShownAsync();
    }
}
