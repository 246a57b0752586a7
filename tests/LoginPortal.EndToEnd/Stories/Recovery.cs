using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A forgotten password, and an address that has to be confirmed.</summary>
public abstract class Recovery(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string NewPassword = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task Password_Forgotten_IsReplacedByTheMailedLinkAndEndsOtherSessions()
    {
        const string address = "forgetful@acme.example";
        await Portal.AddUserAsync("acme", address);
        var elsewhere = await (await ArriveAsync()).SignInAsync(address);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("acme", "?returnUrl=account%2Fsecurity")).ContinueAsync(address);

        var forgot = await password.ForgotAsync();
        await Expect(forgot.AddressField).ToHaveValueAsync(address);
        await forgot.AskMalformedAsync("forgetful@");
        await forgot.AddressField.ExpectProblemAsync("Enter a whole e-mail address, such as name@example.com.");
        await forgot.AddressField.FillAsync(address);
        var sent = await forgot.AskAsync();
        await sent.Tab.ReloadAsync(sent);

        var reset = await visitor.FollowMailAsync(address, tab => new ResetPasswordPage(tab));
        Assert.StartsWith(Portal.Address("/t/acme/reset-password?flow="), reset.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("token", reset.Page.Url, StringComparison.Ordinal);
        await Expect(reset.PasswordField).ToBeFocusedAsync();
        await reset.ResetRefusedAsync("short");
        await Expect(reset.PasswordField).ToBeFocusedAsync();
        await Expect(reset.Page.GetByText("It is too short.")).ToBeVisibleAsync();
        reset = await reset.Tab.ReloadAsync(reset);
        var signIn = await reset.ResetAsync(NewPassword);
        await Expect(signIn.Notice).ToContainTextAsync("Your new password is set.");

        // It goes on to where it was going when the password was forgotten.
        await (await signIn.ContinueAsync(address)).SubmitAsync(new SecurityPage(signIn.Tab), NewPassword);
        await elsewhere.Tab.GoToAsync("/t/acme/");
        await new SignInPage(elsewhere.Tab).ShownAsync();
        Assert.Equal("Your password was changed", (await Portal.ReadMailsAsync(address))[^1].Subject);
    }

    [Fact]
    public async Task Link_OpenInTwoTabs_WorksOnceAndSaysSo()
    {
        const string address = "hasty@acme.example";
        await Portal.AddUserAsync("acme", address);
        await AskAsync(address);
        var visitor = await ArriveAsync();
        var first = await visitor.FollowMailAsync(address, tab => new ResetPasswordPage(tab));
        var second = await visitor.FollowMailAsync(address, tab => new ResetPasswordPage(tab));
        await first.ResetAsync(NewPassword);

        await second.SubmitAsync($"{NewPassword}-again");
        await new MessagePage(second.Tab, "Reset.InvalidTitle").ShownAsync();
        await first.Tab.GoBackAsync(new MessagePage(first.Tab, "Reset.InvalidTitle"));
        await first.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Send a new link" }).ClickAsync();
        await new ForgotPasswordPage(first.Tab).ShownAsync();
    }

    [Fact]
    public async Task Password_ForgottenByAPersonWithASecondFactor_DoesNotReplaceThat()
    {
        const string address = "careful@strict.example";
        await Portal.AddTenantAsync("strict", policy: new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });
        await Portal.AddUserAsync("strict", address);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("strict")).ContinueAsync(address);
        var codes = await (await password.SubmitAsync(new EnrolmentPage(password.Tab))).ConfirmAsync();
        await codes.KeepAsync();
        await AskAsync(address, "strict");

        var other = await ArriveAsync();
        var signIn = await (await other.FollowMailAsync(address, tab => new ResetPasswordPage(tab))).ResetAsync(NewPassword);
        password = await signIn.ContinueAsync(address);
        await password.SubmitAsync(new SecondFactorPage(password.Tab), NewPassword);
    }

    [Fact]
    public async Task Address_NotConfirmed_IsConfirmedInAnotherTabAndTheSignInGoesOn()
    {
        const string address = "fresh@acme.example";
        await Portal.AddUserAsync("acme", address, user => user.EmailConfirmed = false);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync(address);
        var waiting = await password.SubmitAsync(new EmailVerificationPage(password.Tab));
        await waiting.ContinueButton.ClickAsync();
        await Expect(waiting.Page.GetByText("The address has not been confirmed yet.")).ToBeVisibleAsync();
        await waiting.ResendButton.ClickAsync();
        await Expect(waiting.Page.GetByText("A message was sent a moment ago.")).ToBeVisibleAsync();

        var verify = await visitor.FollowMailAsync(address, tab => new VerifyAddressPage(tab));
        Assert.Equal(Portal.Address("/t/acme/verify-address"), verify.Page.Url);
        verify = await verify.Tab.ReloadAsync(verify);
        await verify.ConfirmAsync();

        if (!Way.HasCircuit)
        {
            // Without a circuit the page cannot know; with one it goes on by itself.
            await waiting.ContinueButton.ClickAsync();
        }

        await new HomePage(waiting.Tab).ShownAsync();
        await visitor.FollowMailAsync(address, tab => new MessagePage(tab, "Verify.InvalidTitle"));
    }

    /// <summary>Somebody asks at another browser.</summary>
    private async Task AskAsync(string address, string tenant = "acme")
    {
        var tab = await (await ArriveAsync()).OpenTabAsync();
        await tab.GoToAsync($"/t/{tenant}/forgot-password");
        var forgot = await new ForgotPasswordPage(tab).ShownAsync();
        await forgot.AddressField.FillAsync(address);
        await forgot.AskAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Recovery(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Recovery(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Recovery(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Recovery(portal, chromium, Way.WithWebSocketsBlocked);
}
