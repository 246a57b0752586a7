using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Where a signed-in person is greeted.</summary>
public sealed class HomePage(Tab tab) : PortalPage(tab)
{
    public ILocator SignOutButton => Button("Home.SignOut");

    protected override ILocator Landmark => SignOutButton;

    public async Task<SignInPage> SignOutAsync()
    {
        await SignOutButton.ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }
}
