using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>Signing in without a circuit and without script: forms alone.</summary>
public sealed class PostedSignInTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task SignIn_RightPassword_GreetsThePersonAtTheTenant()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.SignInAsync();

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("/t/acme/", page.Address.AbsolutePath);
        Assert.Equal("Hello, Uma User", page.Heading);
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoBesideTheFieldAndStaysThere()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.SignInAsync(password: "not-the-password-at-all");

        Assert.Equal("Enter your password", page.Heading);
        Assert.Equal("Address and password do not match. Check both, then try again.", page.Text("#password-problem"));
        Assert.Equal("user@acme.example", page.Text("bdi"));
        Assert.False(await browser.IsSignedInAsync());
    }
}
