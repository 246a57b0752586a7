using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A page with a live circuit does not outlast its session.</summary>
public sealed class LiveSessions(QuicklyCheckedPortal portal, Chromium chromium)
    : Story(portal, chromium, Way.InCircuit), IClassFixture<QuicklyCheckedPortal>
{
    [Fact]
    public async Task SignOut_AnotherTabOnHome_LeavesByItself()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");
        var other = await visitor.OpenTabAsync();
        await other.GoToAsync("/t/acme/");
        await new HomePage(other).ShownAsync();

        await home.SignOutAsync();

        await new SignInPage(other).ShownAsync();
    }

    [Fact]
    public async Task Session_EndedOnTheServer_PageLeavesByItself()
    {
        await Portal.AddUserAsync("acme", "ended@acme.example");
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("ended@acme.example");

        await Portal.InTenantAsync("acme", async (services, _) =>
        {
            var sessions = services.GetRequiredService<SessionService>();
            foreach (var session in await services.GetRequiredService<Core.Data.PortalDbContext>().Sessions
                .Where(session => session.User!.Email == "ended@acme.example").ToListAsync())
            {
                await sessions.EndAsync(session.Id, SessionEndReason.Replaced, RequestFacts.Portal, CancellationToken.None);
            }

            return true;
        });

        await new SignInPage(home.Tab).ShownAsync();
    }

    [Fact]
    public async Task Account_Disabled_PageLeavesByItself()
    {
        await Portal.AddUserAsync("acme", "leaver@acme.example");
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("leaver@acme.example");

        await Portal.ChangeAsync("acme", async (database, _) =>
            (await database.Users.SingleAsync(user => user.Email == "leaver@acme.example")).DisabledAt = Portal.Clock.GetUtcNow());

        await new SignInPage(home.Tab).ShownAsync();
    }
}

/// <summary>Nor does a page of one's own account that has no circuit.</summary>
public sealed class LiveSessionsWithoutCircuit(QuicklyCheckedPortal portal, Chromium chromium)
    : Story(portal, chromium, Way.WithWebSocketsBlocked), IClassFixture<QuicklyCheckedPortal>
{
    [Fact]
    public async Task SignOut_AnotherTabOnAnAccountPage_LeavesByItself()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");
        var other = await visitor.OpenTabAsync();
        await other.GoToAsync("/t/acme/account/devices");
        await new AccountPage(other, "Account.Devices").ShownAsync();

        await home.SignOutAsync();

        await new SignInPage(other).ShownAsync();
    }
}
