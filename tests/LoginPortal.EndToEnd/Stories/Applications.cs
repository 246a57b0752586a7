using LoginPortal.Core.OpenId;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Applications that sign people in: those of <c>samples/</c>, and clients that nobody here wrote.</summary>
public sealed class Applications(Portal portal, Chromium chromium) : ApplicationStory(portal, chromium)
{
    [Fact]
    public async Task SampleOfASinglePage_SignsInThroughOpeningAnAccountAndAsksForConsentOnce()
    {
        const string address = "newcomer@acme.example";
        await AddClientAsync("sample-page", "", OpenIdClientKind.SinglePage, client => (client.IsFirstParty, client.Name) = (false, "Somebody's Notes"));
        await using var sample = await ApplicationProcess.StartSampleAsync(
            "SinglePage", Port, $"--LoginPortal:Authority={Issuer("acme")}", "--LoginPortal:ClientId=sample-page");
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        var application = new ApplicationPage(tab);

        await tab.Page.GotoAsync(Home);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with Acme" }).ClickAsync();
        var register = await (await new SignInPage(tab).ShownAsync()).RegisterAsync();
        await register.RegisterAsync(address, "seven-lamps-under-the-harbour");
        await (await visitor.FollowMailAsync(address, mailTab => new VerifyAddressPage(mailTab))).ConfirmAsync();
        await (await new ConsentPage(tab).ShownAsync()).AgreeAsync();
        await Expect(application.Who).Not.ToHaveTextAsync("nobody");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Refresh the tokens" }).ClickAsync();
        await application.ExpectResultAsync("refreshed");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Ask the portal who I am" }).ClickAsync();
        await application.ExpectResultAsync(address);

        // What was agreed to is remembered, until it is taken back.
        await tab.Page.GotoAsync(Home);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with Acme" }).ClickAsync();
        await Expect(application.Who).Not.ToHaveTextAsync("nobody");
        await (await ApplicationsPage.OpenAsync(await visitor.OpenTabAsync())).RevokeAsync("Somebody's Notes");
        visitor.Provoke("401");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Ask the portal who I am" }).ClickAsync();
        await application.ExpectResultAsync("The access is over.");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await application.ExpectWhoAsync("nobody");
    }

    [Fact]
    public async Task OpenIdClient_OfNode_SignsInRefreshesAsksAndSignsOut()
    {
        await AddClientAsync("openid-client", "callback");
        await using var client = await ApplicationProcess.StartAsync(
            "node", "openid-client.mjs", $"{Port}", Issuer("acme"), "openid-client", ClientSecret);

        await UseAsync(Home, async (application, user) =>
        {
            await application.ExpectWhoAsync(user);
            await application.ExpectResultAsync($"{Home}introspect", "true");
        });
    }

    [Fact]
    public async Task OidcClientTs_InTheBrowser_SignsInRefreshesAsksAndSignsOut()
    {
        await AddClientAsync("oidc-client-ts", "", OpenIdClientKind.SinglePage);
        await using var client = await ApplicationProcess.StartAsync("node", "oidc-client-ts.mjs", $"{Port}", Issuer("acme"), "oidc-client-ts");

        await UseAsync(Home, (application, user) => application.ExpectWhoAsync($"{user} DPoP"));
    }

    [Fact]
    public async Task Authlib_AsANativeClientOnAnyPort_SignsInRefreshesAsksAndSignsOut()
    {
        await AddClientAsync("authlib", "callback", OpenIdClientKind.Native, client =>
        {
            client.RedirectUris = ["http://127.0.0.1/callback"];
            client.PostLogoutRedirectUris = [$"http://127.0.0.1:{Port}/"];
        });
        await using var client = await ApplicationProcess.StartAsync("/usr/bin/python3", "authlib_client.py", $"{Port}", Issuer("acme"), "authlib");

        await UseAsync($"http://127.0.0.1:{Port}/", (application, user) => application.ExpectWhoAsync(user));
    }

    [Fact]
    public async Task ModAuthOpenIdc_OfApache_SignsInRefreshesAsksAndSignsOut()
    {
        await AddClientAsync("apache", "app/callback");
        await using var client = await ApplicationProcess.StartAsync("bash", "apache.sh", $"{Port}", Issuer("acme"), "apache", ClientSecret);
        var user = await Portal.AddUserAsync("acme", "apache@acme.example");
        var tab = await (await ArriveAsync()).OpenTabAsync();
        var application = new ApplicationPage(tab);

        await tab.Page.GotoAsync($"{Home}app/");
        await (await (await new SignInPage(tab).ShownAsync()).ContinueAsync("apache@acme.example")).SubmitAsync(application);
        await application.ExpectWhoAsync(user.Id.ToString());
        await application.ExpectResultAsync("apache@acme.example");
        var before = await ReadInfoAsync(tab);
        await tab.Page.GotoAsync($"{Home}app/callback?refresh={Uri.EscapeDataString($"{Home}app/")}&access_token={before}");
        await application.ExpectWhoAsync(user.Id.ToString());
        Assert.NotEqual(before, await ReadInfoAsync(tab));
        await tab.Page.GotoAsync($"{Home}app/callback?logout={Uri.EscapeDataString(Home)}");
        await application.ExpectWhoAsync("nobody");
        await tab.Page.GotoAsync($"{Home}app/");
        await new SignInPage(tab).ShownAsync();
    }

    private async Task<string> ReadInfoAsync(Tab tab)
    {
        var response = await tab.Visitor.Context.APIRequest.GetAsync($"{Home}app/callback?info=json");
        return (await response.JsonAsync())!.Value.GetProperty("access_token").GetString()!;
    }

    /// <summary>What every client is asked to do.</summary>
    private async Task UseAsync(string home, Func<ApplicationPage, string, Task> look)
    {
        var address = $"user{Port}@acme.example";
        var user = await Portal.AddUserAsync("acme", address);
        var tab = await (await ArriveAsync()).OpenTabAsync();
        var application = new ApplicationPage(tab);
        await tab.Page.GotoAsync(home);
        await application.ExpectWhoAsync("nobody");
        await tab.Page.GotoAsync($"{home}login", new() { WaitUntil = WaitUntilState.Commit });
        await (await (await new SignInPage(tab).ShownAsync()).ContinueAsync(address)).SubmitAsync(application);

        await application.ExpectWhoAsync(user.Id.ToString());
        await look(application, user.Id.ToString());
        await application.ExpectResultAsync($"{home}refresh", "refreshed");
        await application.ExpectResultAsync($"{home}userinfo", address);
        await tab.Page.GotoAsync($"{home}logout", new() { WaitUntil = WaitUntilState.Commit });
        await application.ExpectWhoAsync("nobody");
        await tab.GoToAsync("/t/acme/");
        await new SignInPage(tab).ShownAsync();
    }
}
