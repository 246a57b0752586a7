using System.Globalization;
using LoginPortal.Core.Texts;
using LoginPortal.EndToEnd.Fixtures;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>One tab of a visitor's browser, and the language that its pages are in.</summary>
public sealed class Tab(Visitor visitor, IPage page)
{
    public Visitor Visitor { get; } = visitor;

    public IPage Page { get; } = page;

    public string Language { get; set; } = visitor.Language;

    public string Word(string key) => TextCatalog.Get(key, CultureInfo.GetCultureInfo(Language), branding: null);

    public Task<IResponse?> GoToAsync(string path, string host = "localhost") =>
        Page.GotoAsync(Visitor.Portal.Address(path, host));

    /// <summary>Goes there without waiting for anything that the page loads.</summary>
    public Task<IResponse?> GoToAndLeaveAsync(string path) =>
        Page.GotoAsync(Visitor.Portal.Address(path), new() { WaitUntil = WaitUntilState.Commit });

    public async Task<SignInPage> OpenSignInAsync(string tenant = "acme", string query = "")
    {
        await GoToAsync($"/t/{tenant}/sign-in{query}");
        return await new SignInPage(this).ShownAsync();
    }

    public async Task<TPage> ReloadAsync<TPage>(TPage page)
        where TPage : PortalPage
    {
        await Page.ReloadAsync();
        return await page.ShownAsync();
    }

    public async Task<TPage> GoBackAsync<TPage>(TPage page)
        where TPage : PortalPage
    {
        await Page.GoBackAsync();
        return await page.ShownAsync();
    }

    public async Task<TPage> GoForwardAsync<TPage>(TPage page)
        where TPage : PortalPage
    {
        await Page.GoForwardAsync();
        return await page.ShownAsync();
    }
}
