using LoginPortal.Core.Setup;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What a person does with their own account, while they are signed in with another browser too.</summary>
public abstract class OwnAccount(QuicklyCheckedPortal portal, Chromium chromium, Way way)
    : Story(portal, chromium, way), IClassFixture<QuicklyCheckedPortal>
{
    private const string NewPassword = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task Account_FromProfileToItsEndAndBack_IsThePersonsOwn()
    {
        const string address = "owner@acme.example";
        await Portal.AddUserAsync("acme", address);
        var elsewhere = await (await ArriveAsync(Way.InCircuit)).SignInAsync(address);
        await elsewhere.Tab.GoToAsync("/t/acme/account");
        await new AccountPage(elsewhere.Tab, "Home.Title").ShownAsync();
        var home = await (await ArriveAsync()).SignInAsync(address);
        var tab = home.Tab;

        var profile = await AccountPage.OpenAsync(tab, "acme", "account/profile", "Account.Profile");
        await profile.FieldOf("Register.Optional", tab.Word("Register.GivenName")).FillAsync("Octavia");
        await profile.FieldOf("Profile.TimeZone").SelectOptionAsync("Europe/Vienna");
        await profile.PressAsync("Profile.Save", profile);
        await Expect(profile.Notice).ToHaveTextAsync("Saved.");
        await Expect(profile.FieldOf("Register.Optional", tab.Word("Register.GivenName"))).ToHaveValueAsync("Octavia");

        var devices = await AccountPage.OpenAsync(tab, "acme", "account/devices", "Account.Devices");
        await Expect(devices.Page.Locator(".item")).ToHaveCountAsync(2);
        await devices.PressAsync("Devices.EndOthers", devices);
        await Expect(devices.Page.Locator(".item")).ToHaveCountAsync(1);
        await new SignInPage(elsewhere.Tab).ShownAsync();

        var password = await AccountPage.OpenAsync(tab, "acme", "account/password", "Account.Password");
        await password.FieldOf("Password.Present").FillAsync("not-the-password-at-all");
        await password.FieldOf("NewPassword.Label").FillAsync(NewPassword);
        await password.PressAsync("Reset.Submit", password);
        await password.FieldOf("Password.Present").ExpectProblemAsync("This is not your present password.");
        await password.FieldOf("Password.Present").FillAsync(DemoData.Password);
        await password.FieldOf("NewPassword.Label").FillAsync(NewPassword);
        await password.PressAsync("Reset.Submit", password);
        await Expect(password.Notice.First).ToHaveTextAsync(tab.Word("Password.Done"));

        var delete = await AccountPage.OpenAsync(tab, "acme", "account/delete", "Data.Delete");
        await delete.FieldOf("Delete.Confirm", address).FillAsync("somebody@acme.example");
        await delete.PressAsync("Delete.Submit", delete);
        await delete.FieldOf("Delete.Confirm", address).ExpectProblemAsync("This is not the address of your account.");
        await delete.FieldOf("Delete.Confirm", address).FillAsync(address);
        var signIn = await delete.PressAsync("Delete.Submit", new SignInPage(tab));
        await Expect(signIn.Notice).ToHaveTextAsync(tab.Word("SignIn.AccountClosed"));

        var undo = await tab.Visitor.FollowMailAsync(address, opened => new QuestionPage(opened, "UndoErasure"));
        await undo.ConfirmAsync(new AccountPage(undo.Tab, "UndoErasure.DoneTitle"));
        await (await (await tab.Visitor.OpenSignInAsync()).ContinueAsync(address)).SignInAsync(NewPassword);
    }

    public sealed class InCircuit(QuicklyCheckedPortal portal, Chromium chromium) : OwnAccount(portal, chromium, Way.InCircuit)
    {
        [Fact]
        public async Task Picture_OfAnySize_IsCroppedInTheBrowserAndShown()
        {
            await Portal.AddUserAsync("acme", "face@acme.example");
            var home = await (await ArriveAsync()).SignInAsync("face@acme.example");
            var profile = await AccountPage.OpenAsync(home.Tab, "acme", "account/profile", "Account.Profile");
            var page = profile.Page;
            var large = await page.EvaluateAsync<string>(
                """
                () => {
                  const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1600 });
                  const context = canvas.getContext('2d');
                  context.fillStyle = '#d00'; context.fillRect(0, 0, 1200, 1600);
                  context.fillStyle = '#00d'; context.fillRect(1200, 0, 1200, 1600);
                  return canvas.toDataURL('image/png').split(',')[1];
                }
                """);
            await profile.FieldOf("Picture.Label").SetInputFilesAsync(new FilePayload { Name = "holiday.png", MimeType = "image/png", Buffer = Convert.FromBase64String(large) });
            await Expect(page.Locator("[data-cropper]")).ToBeVisibleAsync();
            await page.Locator("[data-cropper] canvas").PressAsync("ArrowRight");
            await profile.PressAsync("Picture.Submit", profile);

            await Expect(profile.Notice).ToHaveTextAsync(home.Tab.Word("Picture.Saved"));
            var size = await page.Locator(".picture img.avatar").EvaluateAsync<int[]>("async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }");
            Assert.Equal([512, 512], size);
            await profile.PressAsync("Picture.Remove", profile);
            await Expect(page.Locator(".picture img.avatar")).ToHaveCountAsync(0);
        }

        [Fact]
        public async Task Accounts_OfOneBrowser_AreAddedChosenAndSignedOut()
        {
            var visitor = await ArriveAsync();
            var home = await visitor.SignInAsync("user@acme.example");
            var overview = await AccountPage.OpenAsync(home.Tab, "acme", "account", "Home.Title");
            await overview.Page.GetByRole(AriaRole.Link, new() { Name = home.Tab.Word("Accounts.Add"), Exact = true }).ClickAsync();
            home = await (await (await new SignInPage(home.Tab).ShownAsync()).ContinueAsync("admin@acme.example")).SignInAsync();
            await Expect(home.Heading).ToHaveTextAsync("Hello, Adam Admin");

            await home.Tab.GoToAsync("/t/acme/sign-in?prompt=select_account&returnUrl=account%2Fprofile");
            var chooser = await new ChooserPage(home.Tab).ShownAsync();
            var profile = await chooser.ChooseAsync("user@acme.example", new AccountPage(home.Tab, "Account.Profile"));
            await Expect(profile.Page.Locator(".picture")).ToContainTextAsync("UU");
            await Expect(profile.Page.Locator(".account-people .choice")).ToContainTextAsync("admin@acme.example");
            await profile.PressAsync("Accounts.SignOutOfAll", new SignInPage(home.Tab));
        }

        [Fact]
        public async Task Activity_ThatWasSomebodyElse_IsReportedAndEndsEverything()
        {
            const string address = "robbed@acme.example";
            await Portal.AddUserAsync("acme", address);
            var intruder = await (await ArriveAsync()).SignInAsync(address);
            var home = await (await ArriveAsync()).SignInAsync(address);
            var activity = await AccountPage.OpenAsync(home.Tab, "acme", "account/activity", "Account.Activity");
            await activity.Page.GetByRole(AriaRole.Link, new() { Name = home.Tab.Word("Activity.NotMe") }).First.ClickAsync();
            var signIn = await (await new AccountPage(home.Tab, "Activity.NotMe").ShownAsync()).PressAsync("Activity.Report", new SignInPage(home.Tab));

            await Expect(signIn.Notice).ToHaveTextAsync(home.Tab.Word("SignIn.AccountSecured"));
            await new SignInPage(intruder.Tab).ShownAsync();
            var reset = await home.Tab.Visitor.FollowMailAsync(address, tab => new ResetPasswordPage(tab));
            await (await (await reset.ResetAsync(NewPassword)).ContinueAsync(address)).SignInAsync(NewPassword);
        }
    }

    public sealed class BeforeCircuit(QuicklyCheckedPortal portal, Chromium chromium) : OwnAccount(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(QuicklyCheckedPortal portal, Chromium chromium) : OwnAccount(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(QuicklyCheckedPortal portal, Chromium chromium) : OwnAccount(portal, chromium, Way.WithWebSocketsBlocked);
}
