using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Asking for a link to a new password.</summary>
public sealed class ForgotPasswordPage(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("SignIn.Address");

    protected override ILocator Landmark => Button("Forgot.Submit");

    public async Task<MessagePage> AskAsync()
    {
        await Button("Forgot.Submit").ClickAsync();
        return await new MessagePage(Tab, "Forgot.SentTitle").ShownAsync();
    }

    public async Task<ForgotPasswordPage> AskMalformedAsync(string address)
    {
        await AddressField.FillAsync(address);
        await Button("Forgot.Submit").ClickAsync();
        await Expect(AddressField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
