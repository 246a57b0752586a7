using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>What protects a signed-in person's account.</summary>
public sealed class SecurityPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("Security.Title");
}
