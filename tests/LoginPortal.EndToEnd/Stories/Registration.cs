using System.Text.RegularExpressions;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Opening an account, and signing in with nothing but a mailbox.</summary>
public abstract class Registration(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string Password = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task Account_Opened_GoesOnWhereThePersonWasOnceTheMailIsFollowed()
    {
        const string address = "newcomer@acme.example";
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/t/acme/account/security");
        var register = await (await new SignInPage(tab).ShownAsync()).RegisterAsync();
        await Expect(register.AddressField).ToBeFocusedAsync();
        var waiting = await register.RegisterAsync(address, Password);
        await Expect(waiting.Page.GetByText(address)).ToBeVisibleAsync();
        waiting = await waiting.Tab.ReloadAsync(waiting);
        await waiting.ContinueButton.ClickAsync();
        await Expect(waiting.Page.GetByText("The address has not been confirmed yet.")).ToBeVisibleAsync();

        var verify = await visitor.FollowMailAsync(address, mailTab => new VerifyAddressPage(mailTab));
        await verify.ConfirmAsync();
        if (!Way.HasCircuit)
        {
            // Without a circuit the page cannot know; with one it goes on by itself.
            await waiting.ContinueButton.ClickAsync();
        }

        await new SecurityPage(waiting.Tab).ShownAsync();
        Assert.Equal("Confirm your account at Acme", Assert.Single(await Portal.ReadMailsAsync(address)).Subject);
    }

    [Fact]
    public async Task Account_ThatExistsAlready_LooksTheSameAndItsOwnerIsTold()
    {
        const string address = "owner@acme.example";
        await Portal.AddUserAsync("acme", address);
        var tab = await (await ArriveAsync()).OpenTabAsync();
        await tab.GoToAsync("/t/acme/register");

        var waiting = await (await new RegisterPage(tab).ShownAsync()).RegisterAsync(address, Password);

        await Expect(waiting.Page.GetByText($"A message is on its way to {address}.")).ToBeVisibleAsync();
        Assert.Equal("You have an account at Acme already", Assert.Single(await Portal.ReadMailsAsync(address)).Subject);
    }

    [Fact]
    public async Task Form_FilledInWrongly_KeepsWhatWasTypedAndSaysWhatIsWrong()
    {
        await Portal.AddTenantAsync("club", policy: new TenantPolicy
        {
            Registration = new RegistrationPolicy
            {
                IsOpen = true, AllowedDomains = ["club.example"], Names = FieldRequirement.Required, TermsVersion = "2026-01",
            },
            CustomFields =
            [
                new CustomField("team", CustomFieldKind.Choice)
                {
                    Labels = new Dictionary<string, string> { ["en"] = "Team" }, IsRequired = true, Choices = ["Rowing", "Chess"],
                },
            ],
        });
        var tab = await (await ArriveAsync()).OpenTabAsync();
        await tab.GoToAsync("/t/club/register");
        var register = await new RegisterPage(tab).ShownAsync();
        var team = register.CustomField("Team");
        await register.AddressField.FillAsync("pat@elsewhere.example");
        await register.CustomField("Given name").FillAsync("Pat");
        await team.SelectOptionAsync("Chess");
        await register.PasswordField.FillAsync("short");

        register = await register.SubmitRefusedAsync(register.AddressField);
        await register.AddressField.ExpectProblemAsync("Accounts here are for addresses of these domains: club.example.");
        await Expect(register.CustomField("Family name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(register.TermsField).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(register.CustomField("Given name")).ToHaveValueAsync("Pat");
        await Expect(team).ToHaveValueAsync("Chess");

        await register.AddressField.FillAsync("pat@club.example");
        await register.CustomField("Family name").FillAsync("Player");
        await register.PasswordField.FillAsync(Password);
        await register.TermsField.CheckAsync();
        await register.SubmitAsync();
        Assert.Equal("Confirm your account at Acme", Assert.Single(await Portal.ReadMailsAsync("pat@club.example")).Subject);
    }

    [Fact]
    public async Task Tenant_ThatIsClosed_OffersNoAccountAndSaysWhy()
    {
        var visitor = await ArriveAsync();
        var signIn = await visitor.OpenSignInAsync("globex");
        await Expect(signIn.Page.GetByRole(AriaRole.Link, new() { Name = "No account yet? Create one" })).ToHaveCountAsync(0);
        await signIn.Tab.GoToAsync("/t/globex/register");
        await Expect(signIn.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Accounts are by invitation" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Code_ByMail_StandsForThePasswordWhereTheTenantAllowsIt()
    {
        const string address = "forgetful@mailbox.example";
        await Portal.AddTenantAsync("mailbox", policy: new TenantPolicy { EmailCodeSignIn = true });
        await Portal.AddUserAsync("mailbox", address);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("mailbox")).ContinueAsync(address);
        await password.SubmitRefusedAsync();
        await password.Page.GetByText("Send me a code by e-mail instead").ClickAsync();

        var code = await new SignInCodePage(password.Tab).ShownAsync();
        await Expect(code.CodeField).ToBeFocusedAsync();
        code = await code.Tab.ReloadAsync(code);
        code = await code.ConfirmRefusedAsync("000000");
        await code.ConfirmAsync(Regex.Match((await Portal.ReadMailsAsync(address))[^1].Text, "\\d{6}").Value);
    }

    [Fact]
    public async Task Code_ByMail_IsAskedForOnOnePageTooAndTheWayBackLeadsToThePassword()
    {
        const string address = "one@single.example";
        await Portal.AddTenantAsync("single", policy: new TenantPolicy { EmailCodeSignIn = true, Identification = IdentificationLayout.OnePage });
        await Portal.AddUserAsync("single", address);
        var tab = await (await ArriveAsync()).OpenTabAsync();
        await tab.GoToAsync("/t/single/sign-in");
        var onePage = await new OnePageSignIn(tab).ShownAsync();
        await onePage.Page.GetByText("Send me a code by e-mail instead").ClickAsync();
        var signIn = await new SignInPage(tab).ShownAsync();
        await signIn.AddressField.FillAsync(address);
        await signIn.ContinueButton.ClickAsync();
        var code = await new SignInCodePage(tab).ShownAsync();

        await code.Page.GetByText("Use the password instead").ClickAsync();
        await new OnePageSignIn(tab).ShownAsync();
        await tab.GoBackAsync(code);
        await code.ConfirmAsync(Regex.Match((await Portal.ReadMailsAsync(address))[^1].Text, "\\d{6}").Value);
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Registration(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Registration(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Registration(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Registration(portal, chromium, Way.WithWebSocketsBlocked);
}
