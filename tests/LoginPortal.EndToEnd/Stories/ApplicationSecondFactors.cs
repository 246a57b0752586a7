using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>An application and a second factor, for which the portal's clock is put forward.</summary>
public sealed class ApplicationSecondFactors(Portal portal, Chromium chromium) : ApplicationStory(portal, chromium)
{
    [Fact]
    public async Task SampleOfAspNetCore_SignsInThroughSettingUpAndThenGivingASecondFactor()
    {
        await Portal.AddTenantAsync("strict", policy: new TenantPolicy
        {
            SecondFactor = SecondFactorRequirement.Required, SecondFactorMethods = [SecondFactorMethod.Totp],
        });
        var user = await Portal.AddUserAsync("strict", "user@strict.example");
        await AddClientAsync("sample", "signin-oidc", tenant: "strict", configure: client => client.BackChannelLogoutUri = $"{Home}backchannel-logout");
        await using var sample = await ApplicationProcess.StartSampleAsync(
            "AspNetCore",
            Port,
            $"--LoginPortal:Authority={Issuer("strict")}",
            "--LoginPortal:ClientId=sample",
            $"--LoginPortal:ClientSecret={ClientSecret}",
            $"--LoginPortal:BaseAddress={Home}");
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        var application = new ApplicationPage(tab);

        await tab.Page.GotoAsync(Home);
        await application.ExpectWhoAsync("nobody");
        await tab.Page.GotoAsync($"{Home}login");
        var enrolment = await (await (await new SignInPage(tab).ShownAsync()).ContinueAsync("user@strict.example")).SubmitAsync(new EnrolmentPage(tab));
        var app = await AuthenticatorApp.ScanAsync(enrolment);
        await enrolment.ConfirmAsync(app);
        await new RecoveryCodesPage(tab).KeepAsync(application);
        await application.ExpectWhoAsync(user.Id.ToString());
        await Expect(tab.Page.GetByText("user@strict.example")).ToBeVisibleAsync();
        await application.ExpectResultAsync($"{Home}refresh", "refreshed");
        await application.ExpectResultAsync($"{Home}userinfo", "user@strict.example");

        // Signed out at the portal, in another tab: the application hears of it by itself.
        var home = await visitor.OpenTabAsync();
        await home.GoToAsync("/t/strict/");
        await (await new HomePage(home).ShownAsync()).SignOutAsync();
        var words = "";
        for (var tries = 0; tries < 200 && words != "nobody"; tries++)
        {
            await tab.Page.GotoAsync(Home);
            words = await application.Who.TextContentAsync();
        }

        await application.ExpectWhoAsync("nobody");
        await tab.Page.GotoAsync($"{Home}login");
        var second = await (await (await new SignInPage(tab).ShownAsync()).ContinueAsync("user@strict.example")).SubmitAsync(new SecondFactorPage(tab));
        await second.ConfirmAsync(await app.NextCodeAsync(), application);
        await application.ExpectWhoAsync(user.Id.ToString());
        await tab.Page.GotoAsync($"{Home}logout");
        await application.ExpectWhoAsync("nobody");
        await home.GoToAsync("/t/strict/");
        await new SignInPage(home).ShownAsync();
    }
}
