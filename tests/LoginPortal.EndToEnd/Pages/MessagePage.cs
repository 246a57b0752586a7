using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A page that only tells something, named by the key of its title.</summary>
public sealed class MessagePage(Tab tab, string titleKey) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled(titleKey);

    public Task GoHomeAsync() => Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("Status.Home"), Exact = true }).ClickAsync();

    public async Task<SignInPage> StartOverAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("SignIn.ChangeAddress"), Exact = true }).ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }

    /// <summary>Status pages and those before and after the set-up are never circuits.</summary>
    protected override bool OffersCircuit =>
        titleKey is "EmailVerification.Title" or "Forgot.SentTitle" or "Reset.InvalidTitle" or "Verify.DoneTitle" or "Verify.InvalidTitle"
            or "Register.ClosedTitle" or "Invitation.InvalidTitle" or "Address.SentTitle" or "ConfirmNewAddress.InvalidTitle"
            or "UndoAddressChange.InvalidTitle" or "UndoAddressChange.DoneTitle"
            || titleKey.StartsWith("Administration.", StringComparison.Ordinal) || titleKey == "Client.Setup";
}
