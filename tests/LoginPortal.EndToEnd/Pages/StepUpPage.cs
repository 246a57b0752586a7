using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>What was asked for needs a fresh sign-in first.</summary>
public sealed class StepUpPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("StepUp.Title");

    public async Task<SignInPage> SignInAgainAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("StepUp.Submit") }).ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }
}
