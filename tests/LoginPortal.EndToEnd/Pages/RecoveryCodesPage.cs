using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The recovery codes, shown once.</summary>
public sealed class RecoveryCodesPage(Tab tab) : PortalPage(tab)
{
    public ILocator Codes => Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem);

    protected override ILocator Landmark => Button("RecoveryCodes.Kept");

    public async Task<HomePage> KeepAsync()
    {
        await Landmark.ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }
}
