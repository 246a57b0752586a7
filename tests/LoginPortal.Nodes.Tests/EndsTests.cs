using System.Net;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.Nodes.Tests.Fixtures;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.Nodes.Tests;

/// <summary>What ends on one node has ended on the other.</summary>
public sealed class EndsTests(Cluster nodes, Chromium chromium)
{
    [Fact]
    public async Task SignOut_AtOneNode_HoldsAtTheOther()
    {
        using var here = nodes.Portals[0].OpenBrowser();
        var home = await here.SignInAsync(address: await nodes.AddPersonAsync());
        using var thief = here.Thief().At(Node.Connect, nodes.Portals[1].Origin);
        Assert.True(await thief.IsSignedInAsync());
        var form = home.Document.QuerySelector("form[action='session/sign-out']") is null ? (await here.GetAsync("/t/acme/")) : home;

        await here.PostAsync(new FormPost(
            new Uri(here.Origin, "/t/acme/session/sign-out"),
            [.. form.Document.QuerySelectorAll("form[action='session/sign-out'] input[name]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]));

        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task Logout_AtOneApi_HoldsForTokensAtTheOther()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var answer = await here.SignInAsync(await nodes.AddPersonAsync());
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/v1/me", answer["access_token"])).Status);

        await here.PostAsync($"{ApiClient.Tenant}/logout", token: answer["access_token"]);

        Assert.Equal(HttpStatusCode.Unauthorized, (await there.GetAsync("/api/v1/me", answer["access_token"])).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await there.PostAsync($"{ApiClient.Tenant}/token/refresh", new { refresh_token = answer["refresh_token"] })).Status);
    }

    [Fact]
    public async Task Revocation_AtAnApi_EndsALiveCircuitOfAPortal()
    {
        var address = await nodes.AddPersonAsync();
        using var api = nodes.Apis[0].OpenClient();
        var administrator = await api.SignInAsync("admin@acme.example");
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions());
        var page = await context.NewPageAsync();
        await SignInPages.SignInAsync(page, nodes.LoadBalancer.Portal, address);
        await page.GotoAsync(new Uri(nodes.LoadBalancer.Portal, "/t/acme/account/security").ToString());
        await Expect(page.Locator("[data-interactive]")).ToBeVisibleAsync();

        Guid id;
        await using (var scope = nodes.Core.OpenTenant(nodes.Acme))
        {
            id = await scope.Database.Users.Where(user => user.Email == address).Select(user => user.Id).SingleAsync();
        }

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/api/v1/admin/users/{id}/end-sessions", token: administrator["access_token"])).Status);

        await page.WaitForURLAsync("**/sign-in**");
    }
}
