using LoginPortal.Core.Accounts;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Coming in by an invitation, and moving to another address.</summary>
public abstract class Addresses(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string Password = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task Invitation_Accepted_LeadsToASignInWithTheAddressFilledIn()
    {
        const string address = "guest@globex.example";
        await Portal.InTenantAsync("globex", (services, tenant) => services.GetRequiredService<Invitations>().InviteAsync(
            tenant.Id, invitedBy: null, address, PortalRole.Member, RequestFacts.Portal, CancellationToken.None));
        var visitor = await ArriveAsync();
        var invitation = await visitor.FollowMailAsync(address, tab => new AcceptInvitationPage(tab));
        Assert.Equal(Portal.Address("/t/globex/accept-invitation"), invitation.Page.Url);
        await Expect(invitation.PasswordField).ToBeFocusedAsync();
        invitation = await invitation.AcceptAsync("short", invitation);
        await Expect(invitation.PasswordField).ToBeFocusedAsync();
        await Expect(invitation.Page.GetByText("It is too short.")).ToBeVisibleAsync();
        var signIn = await invitation.AcceptAsync(Password, new SignInPage(invitation.Tab));

        await Expect(signIn.Notice).ToContainTextAsync("Your account is ready.");
        await Expect(signIn.AddressField).ToHaveValueAsync(address);
        await (await signIn.ContinueAsync()).SignInAsync(Password);
        await visitor.FollowMailAsync(address, tab => new MessagePage(tab, "Invitation.InvalidTitle"));
    }

    [Fact]
    public async Task Address_Changed_IsConfirmedAtTheNewOneAndTakenBackFromTheOldOne()
    {
        const string address = "mover@acme.example";
        const string newAddress = "moved@acme.example";
        await Portal.AddUserAsync("acme", address);
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync(address);
        await home.Tab.GoToAsync("/t/acme/account/address");
        var page = await new AddressPage(home.Tab).ShownAsync();
        page = await page.AskAsync("moved@", page);
        await page.AddressField.ExpectProblemAsync("Enter a whole e-mail address, such as name@example.com.");
        await page.AskAsync(newAddress, new MessagePage(page.Tab, "Address.SentTitle"));

        var confirm = await visitor.FollowMailAsync(newAddress, tab => new QuestionPage(tab, "ConfirmNewAddress"));
        var signIn = await confirm.ConfirmAsync(new SignInPage(confirm.Tab));
        await Expect(signIn.Notice).ToContainTextAsync("Your new address is confirmed.");
        await (await (await (await ArriveAsync()).OpenSignInAsync()).ContinueAsync(newAddress)).SignInAsync();

        var owner = await ArriveAsync();
        var undo = await owner.FollowMailAsync(address, tab => new QuestionPage(tab, "UndoAddressChange"));
        await undo.ConfirmAsync(new MessagePage(undo.Tab, "UndoAddressChange.DoneTitle"));
        await home.Tab.GoToAsync("/t/acme/");
        await new SignInPage(home.Tab).ShownAsync();
        var reset = await owner.FollowMailAsync(address, tab => new ResetPasswordPage(tab));
        await (await (await reset.ResetAsync(Password)).ContinueAsync(address)).SignInAsync(Password);
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Addresses(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Addresses(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Addresses(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Addresses(portal, chromium, Way.WithWebSocketsBlocked);
}
