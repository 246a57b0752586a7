using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The password was right, and a second factor is asked for.</summary>
public sealed class SecondFactorPage(Tab tab, string fieldKey = "Field.Code") : PortalPage(tab)
{
    public ILocator CodeField => Field(fieldKey);

    /// <summary>Whether this device is to be trusted; there is one where the tenant allows it.</summary>
    public ILocator TrustBox => Page.GetByRole(AriaRole.Checkbox);

    public ILocator ResendButton => Button("SecondFactor.Resend");

    protected override ILocator Landmark => CodeField;

    public Task<HomePage> ConfirmAsync(string code) => ConfirmAsync(code, new HomePage(Tab));

    /// <summary>Confirms a code that leads to <paramref name="next"/>.</summary>
    public async Task<TPage> ConfirmAsync<TPage>(string code, TPage next)
        where TPage : PortalPage
    {
        await SubmitAsync(code);
        return await next.ShownAsync();
    }

    public async Task<SecondFactorPage> ConfirmRefusedAsync(string code)
    {
        await SubmitAsync(code);
        await Expect(CodeField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    /// <summary>Takes another way, which asks for another code.</summary>
    public async Task<SecondFactorPage> TryAnotherWayAsync(string wayKey, string anotherFieldKey = "Field.Code")
    {
        await Page.GetByText(Tab.Word(wayKey), new() { Exact = true }).ClickAsync();
        await Expect(Page.GetByText(Tab.Word(wayKey), new() { Exact = true })).ToHaveCountAsync(0);
        return await new SecondFactorPage(Tab, anotherFieldKey).ShownAsync();
    }

    private async Task SubmitAsync(string code)
    {
        await CodeField.FillAsync(code);
        await Button("SecondFactor.Submit").ClickAsync();
    }
}
