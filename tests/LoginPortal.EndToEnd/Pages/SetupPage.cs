using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The account of the first operator.</summary>
public sealed class SetupPage(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("SignIn.Address");

    public ILocator PasswordField => Field("NewPassword.Label");

    protected override ILocator Landmark => Button("Setup.Submit");

    protected override bool OffersCircuit => false;

    public async Task<MessagePage> CreateAsync(string address, string password)
    {
        await SubmitAsync(address, password);
        return await new MessagePage(Tab, "Setup.DoneTitle").ShownAsync();
    }

    /// <summary>Submits what is not accepted, and waits until <paramref name="wrong"/> is marked.</summary>
    public async Task<SetupPage> CreateRefusedAsync(string address, string password, ILocator wrong)
    {
        await SubmitAsync(address, password);
        await Expect(wrong).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    private async Task SubmitAsync(string address, string password)
    {
        await AddressField.FillAsync(address);
        await PasswordField.FillAsync(password);
        await Button("Setup.Submit").ClickAsync();
    }
}
