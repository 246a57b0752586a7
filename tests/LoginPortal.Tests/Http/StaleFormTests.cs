using System.Net;
using LoginPortal.Core.Data;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>A form whose antiforgery token does not fit does nothing and shows the page anew.</summary>
public sealed class StaleFormTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string TokenField = "__RequestVerificationToken";

    [Theory]
    [InlineData("none")]
    [InlineData("garbage")]
    [InlineData("other tenant")]
    [InlineData("other browser")]
    [InlineData("lost cookie")]
    public async Task Identify_WithATokenThatDoesNotFit_ShowsThePageAnewAndBeginsNothing(string kind)
    {
        using var browser = fixture.Portal.OpenBrowser();
        using var stranger = fixture.Portal.OpenBrowser();
        var form = (await browser.GetAsync("/t/acme/sign-in?returnUrl=account")).Form("identify").With("username", $"{Guid.NewGuid():N}@acme.example");
        form = kind switch
        {
            "none" => form.Without(TokenField),
            "garbage" => form.With(TokenField, "garbage"),
            "other tenant" => form.With(TokenField, (await browser.GetAsync("/t/globex/sign-in")).Form("identify")[TokenField]!),
            "other browser" => form.With(TokenField, (await stranger.GetAsync("/t/acme/sign-in")).Form("identify")[TokenField]!),
            _ => form,
        };
        if (kind == "lost cookie")
        {
            browser.Cookies.Remove("__Host-portal.antiforgery");
        }

        var page = await browser.PostAsync(form, follow: false);

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.Equal(form.Target, page.Location);
        Assert.False(await HasFlowAsync(form["username"]!));
        var again = (await browser.GetAsync(page.Location!.PathAndQuery)).Form("identify").With("username", form["username"]!);
        Assert.Equal("Enter your password", (await browser.PostAsync(again)).Heading);
    }

    [Fact]
    public async Task Password_WithoutAToken_IsNotTried()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var form = (await browser.IdentifyAsync("acme", "user@acme.example")).Form("password").With("password", Portal.Password);

        var page = await browser.PostAsync(form.Without(TokenField));

        Assert.Equal("Enter your password", page.Heading);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOut_WithATokenFromBeforeSigningIn_LeavesThePersonSignedIn()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var before = (await browser.GetAsync("/t/acme/sign-in")).Form("identify")[TokenField]!;
        var form = (await browser.SignInAsync()).Form();

        var page = await browser.PostAsync(form.With(TokenField, before), follow: false);

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.Equal("/t/acme/", page.Location!.PathAndQuery);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOut_WithoutAToken_LeavesThePersonSignedIn()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var form = (await browser.SignInAsync()).Form();

        await browser.PostAsync(form.Without(TokenField));

        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOut_ByAGet_IsNoAddress()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();

        var page = await browser.GetAsync("/t/acme/session/sign-out");

        Assert.True(page.Status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, page.Status.ToString());
        Assert.Equal("There is nothing here", page.Heading);
        Assert.True(await browser.IsSignedInAsync());
    }

    private async Task<bool> HasFlowAsync(string address)
    {
        var found = false;
        await fixture.Portal.InTenantAsync("acme", async (PortalDbContext database) =>
            found = await database.Flows.AnyAsync(flow => flow.Identifier == address));
        return found;
    }
}
