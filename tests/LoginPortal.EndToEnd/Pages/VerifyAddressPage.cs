using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Confirming an address by a link.</summary>
public sealed class VerifyAddressPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Button("Verify.Submit");

    public async Task<MessagePage> ConfirmAsync()
    {
        await Button("Verify.Submit").ClickAsync();
        return await new MessagePage(Tab, "Verify.DoneTitle").ShownAsync();
    }
}
