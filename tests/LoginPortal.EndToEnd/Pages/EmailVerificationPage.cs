using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A sign-in, or under another title a new account, that waits for its address to be confirmed.</summary>
public sealed class EmailVerificationPage(Tab tab, string titleKey = "EmailVerification.Title") : PortalPage(tab)
{
    public ILocator ContinueButton => Button("EmailVerification.Continue");

    public ILocator ResendButton => Button("EmailVerification.Resend");

    /// <summary>Why a step was refused.</summary>
    public ILocator Problem => Page.Locator(".notice");

    protected override ILocator Landmark => Titled(titleKey);
}
