using System.Net;
using LoginPortal.Core.Setup;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.Nodes.Tests.Fixtures;
using LoginPortal.Tests.Hosts;
using Microsoft.Playwright;

namespace LoginPortal.Nodes.Tests;

/// <summary>Nodes that go and come, and a database that does.</summary>
public sealed class FaultsTests(Cluster nodes, Chromium chromium)
{
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RollingRestart_WhilePeopleSignIn_LosesNobody()
    {
        using var known = nodes.LoadBalancer.OpenBrowser();
        await known.SignInAsync(address: await nodes.AddPersonAsync());
        using var restarted = new CancellationTokenSource();
        var people = Enumerable.Range(0, 2).Select(_ => SignInUntilAsync(restarted.Token)).ToList();

        foreach (var node in nodes.Portals)
        {
            await nodes.LoadBalancer.TakeOutAsync(node);
            await node.RestartAsync();
            await nodes.LoadBalancer.PutBackAsync();
        }

        await restarted.CancelAsync();

        Assert.All(await Task.WhenAll(people), signedIn => Assert.NotEqual(0, signedIn));
        Assert.True(await known.IsSignedInAsync());
    }

    [Fact]
    public async Task Node_KilledBetweenAddressAndPassword_IsReplacedByTheOther()
    {
        var address = await nodes.AddPersonAsync();
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions());
        var page = await context.NewPageAsync();
        await SignInPages.OpenAsync(page, nodes.LoadBalancer.FirstPortal);
        await SignInPages.IdentifyAsync(page, address);

        await nodes.Portals[0].KillAsync();
        try
        {
            await SignInPages.EnterPasswordAsync(page);
            Assert.Equal("Hello, " + address, await (await page.GotoAsync(new Uri(nodes.LoadBalancer.FirstPortal, "/t/acme/").ToString()))!.Frame.Locator("h1").InnerTextAsync());
        }
        finally
        {
            await nodes.Portals[0].StartAsync();
        }
    }

    [Fact]
    public async Task Database_Restarted_ClosesEveryDoorAndHeals()
    {
        var address = await nodes.AddPersonAsync();
        using var api = nodes.Apis[0].OpenClient();
        using var known = nodes.Portals[0].OpenBrowser();
        using var halfway = nodes.Portals[1].OpenBrowser();
        var token = (await api.SignInAsync(address))["access_token"];
        await known.SignInAsync(address: address);
        var password = (await halfway.IdentifyAsync("acme", address)).Form("password").With("password", DemoData.Password);

        await nodes.Database.StopAsync();
        try
        {
            foreach (var page in (Page[])
                [await known.GetAsync("/t/acme/"), await known.GetAsync("/t/acme/sign-in"), await halfway.PostAsync(password, follow: false)])
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (page.Status, page.Header("Retry-After")));
            }

            Assert.False(halfway.Cookies.Has("__Host-portal.session"));
            foreach (var answer in (ApiAnswer[])[await api.GetAsync("/api/v1/me", token), await api.SignInAsync(address)])
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(30)), (answer.Status, answer.RetryAfter));
            }

            Assert.All(
                await Task.WhenAll(nodes.Portals.Concat(nodes.Apis).Select(async node => (await node.StatusAsync("/health/live"), await node.StatusAsync("/health/ready")))),
                health => Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), health));
        }
        finally
        {
            await nodes.Database.StartAsync();
        }

        Assert.All(
            await Task.WhenAll(nodes.Portals.Concat(nodes.Apis).Select(node => Eventually.IsAsync(async () => await node.StatusAsync("/health/ready") == HttpStatusCode.OK, Healing))),
            Assert.True);
        Assert.True(await known.IsSignedInAsync());
        await halfway.PostAsync(password);
        Assert.True(await halfway.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/v1/me", token)).Status);
    }

    /// <summary>Signs in again and again, each time as somebody else; an answer that is no page fails the test.</summary>
    private async Task<int> SignInUntilAsync(CancellationToken ended)
    {
        var signedIn = 0;
        while (!ended.IsCancellationRequested)
        {
            using var browser = nodes.LoadBalancer.OpenBrowser();
            var page = await browser.SignInAsync(address: await nodes.AddPersonAsync());
            Assert.True(page.Status == HttpStatusCode.OK, $"{(int)page.Status} of {page.Header(LoadBalancer.NodeHeader)}");
            Assert.True(await browser.IsSignedInAsync());
            signedIn++;
        }

        return signedIn;
    }
}
