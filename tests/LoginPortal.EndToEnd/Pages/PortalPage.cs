using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A page as a person sees it: by the names of its fields and buttons.</summary>
public abstract class PortalPage(Tab tab)
{
    public Tab Tab { get; } = tab;

    public IPage Page => Tab.Page;

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>What the page tells, politely.</summary>
    public ILocator Notice => Page.GetByRole(AriaRole.Status);

    /// <summary>What is on this page and on no other.</summary>
    protected abstract ILocator Landmark { get; }

    /// <summary>Whether the page has a circuit where there can be one.</summary>
    protected virtual bool OffersCircuit => true;

    public async Task WaitAsync()
    {
        await Expect(Landmark).ToBeVisibleAsync();
        if (OffersCircuit)
        {
            await Tab.Visitor.Way.SettleAsync(Page);
        }
    }

    /// <summary>Follows the link of the footer to a language; the page stays what it was.</summary>
    public async Task<TPage> SwitchLanguageAsync<TPage>(TPage page, string name, string language)
        where TPage : PortalPage
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        Tab.Language = language;
        return await page.ShownAsync();
    }

    protected ILocator Field(string labelKey) => Page.GetByLabel(Tab.Word(labelKey), new() { Exact = true });

    protected ILocator Button(string key) => Page.GetByRole(AriaRole.Button, new() { Name = Tab.Word(key), Exact = true });

    protected ILocator Titled(string key) => Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = Tab.Word(key), Exact = true });
}

/// <summary>What is expected of pages and their fields.</summary>
public static class PageExpectations
{
    /// <summary>Waits until the tab shows the page.</summary>
    public static async Task<TPage> ShownAsync<TPage>(this TPage page)
        where TPage : PortalPage
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.WaitAsync();
        return page;
    }

    /// <summary>A field that is wrong is marked so, described by what is wrong, and has the focus.</summary>
    public static async Task ExpectProblemAsync(this ILocator field, string words)
    {
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(words);
        await Expect(field).ToBeFocusedAsync();
    }
}
