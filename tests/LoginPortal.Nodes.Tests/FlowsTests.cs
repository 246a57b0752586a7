using System.Net;
using LoginPortal.Core.Setup;
using LoginPortal.Nodes.Tests.Fixtures;

namespace LoginPortal.Nodes.Tests;

/// <summary>What begins on one node and ends on the other.</summary>
public sealed class FlowsTests(Cluster nodes)
{
    [Fact]
    public async Task PlainForms_EachRequestAtTheOtherNode_SignInAndAreKnownEverywhere()
    {
        using var browser = nodes.LoadBalancer.OpenBrowser();

        var home = await browser.SignInAsync(address: await nodes.AddPersonAsync());
        await browser.GetAsync("/t/acme/account/security");

        Assert.Equal(HttpStatusCode.OK, home.Status);
        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(2, browser.Responses.Select(NodeOf).Distinct().Count());
    }

    [Fact]
    public async Task PasswordForm_OfOneNodePostedAtTheOther_SignsIn()
    {
        using var here = nodes.Portals[0].OpenBrowser();
        using var there = here.At(Node.Connect, nodes.Portals[1].Origin);
        var password = (await here.IdentifyAsync("acme", await nodes.AddPersonAsync())).Form("password").With("password", DemoData.Password);

        await there.PostAsync(password.To(new Uri(there.Origin, password.Target.PathAndQuery)));

        Assert.True(await here.IsSignedInAsync());
        Assert.True(await there.IsSignedInAsync());
    }

    [Fact]
    public async Task SecondFactor_SetUpHereAndAskedForThere_Works()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var address = await nodes.AddPersonAsync();
        var app = await AuthenticatorApp.SetUpAsync(here, there, (await here.SignInAsync(address))["access_token"]);

        var challenge = await there.SignInAsync(address);
        var answer = await here.PostAsync(
            $"{ApiClient.Tenant}/mfa/verify", new { mfa_token = challenge["mfa_token"], method = "totp", code = app.NextCode() });

        Assert.Equal("success", answer["status"]);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/v1/me", answer["access_token"])).Status);
    }

    [Fact]
    public async Task Tokens_RefreshedInTurn_WorkEverywhere()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var answer = await here.SignInAsync(await nodes.AddPersonAsync());

        foreach (var (one, other) in ((ApiClient, ApiClient)[])[(there, here), (here, there)])
        {
            answer = await one.PostAsync($"{ApiClient.Tenant}/token/refresh", new { refresh_token = answer["refresh_token"] });
            Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/me", answer["access_token"])).Status);
        }
    }

    private static string? NodeOf(HttpResponseMessage response) => response.Headers.GetValues(LoadBalancer.NodeHeader).Single();
}
