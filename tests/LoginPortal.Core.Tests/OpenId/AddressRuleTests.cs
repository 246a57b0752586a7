using System.Net;
using LoginPortal.Core.OpenId;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.OpenId;

/// <summary>Which addresses of applications are good for what.</summary>
public sealed class AddressRuleTests
{
    [Theory]
    [InlineData("http://127.0.0.1:49152/callback", true)]
    [InlineData("http://127.0.0.1/callback", true)]
    [InlineData("http://[::1]:1/callback", false)]
    [InlineData("http://localhost:49152/callback", false)]
    [InlineData("http://127.0.0.1:49152/other", false)]
    [InlineData("http://127.0.0.1:49152@evil.example/callback", false)]
    [InlineData("http://127.0.0.1.evil.example/callback", false)]
    [InlineData("https://127.0.0.1:49152/callback", false)]
    [InlineData("http://127.0.0.1:/callback", false)]
    [InlineData("http://127.0.0.2:49152/callback", false)]
    public void RedirectUri_OfANativeClient_MayHaveAnyPortOnTheOwnMachine(string address, bool isAccepted)
    {
        Assert.Equal(isAccepted, RedirectUris.Matches(ClientOf(OpenIdClientKind.Native, "http://127.0.0.1/callback"), address));
        Assert.False(RedirectUris.Matches(ClientOf(OpenIdClientKind.Web, "http://127.0.0.1:80/callback"), address));
    }

    [Theory]
    [InlineData("https://app.example.org/cb", OpenIdClientKind.Web, true)]
    [InlineData("https://app.example.org", OpenIdClientKind.Web, true)]
    [InlineData("http://localhost:5090/cb", OpenIdClientKind.Web, true)]
    [InlineData("http://app.example.org/cb", OpenIdClientKind.Web, false)]
    [InlineData("https://app.example.org/cb#f", OpenIdClientKind.Web, false)]
    [InlineData("https://*.example.org/cb", OpenIdClientKind.Web, false)]
    [InlineData("https://u@app.example.org/cb", OpenIdClientKind.Web, false)]
    [InlineData("https://app.example.org/a/../cb", OpenIdClientKind.Web, false)]
    [InlineData("https://APP.example.org/cb", OpenIdClientKind.Web, false)]
    [InlineData("com.example.app:/cb", OpenIdClientKind.Native, true)]
    [InlineData("com.example.app:/cb", OpenIdClientKind.SinglePage, false)]
    [InlineData("javascript:alert(1)", OpenIdClientKind.Native, false)]
    [InlineData("data:text/html,x", OpenIdClientKind.Native, false)]
    [InlineData("/cb", OpenIdClientKind.Web, false)]
    [InlineData("", OpenIdClientKind.Web, false)]
    public void RedirectUri_ToBeRegistered_IsHttpsOrTheOwnMachine(string address, OpenIdClientKind kind, bool isAllowed) =>
        Assert.Equal(isAllowed, RedirectUris.IsAllowed(address, kind));

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("9.9.9.9", true)]
    [InlineData("2001:db9::1", true)]
    public void Connection_GoesToPublicAddressesAlone(string address, bool isAllowed)
    {
        var connection = new LogoutConnection(Options.Create(new OpenIdOptions()), new HostingEnvironment { EnvironmentName = Environments.Production });
        var open = new LogoutConnection(
            Options.Create(new OpenIdOptions { AllowPrivateNetworks = true }), new HostingEnvironment { EnvironmentName = Environments.Production });

        Assert.Equal(isAllowed, connection.IsAllowed(IPAddress.Parse(address)));
        Assert.False(open.IsAllowed(IPAddress.Parse("169.254.169.254")));
        Assert.False(open.IsAllowed(IPAddress.Loopback));
        Assert.True(open.IsAllowed(IPAddress.Parse("10.1.2.3")));
    }

    private static OpenIdClient ClientOf(OpenIdClientKind kind, string redirectUri) => new()
    {
        Id = Guid.NewGuid(),
        TenantId = Guid.NewGuid(),
        ClientId = "client",
        Name = "A client",
        Kind = kind,
        Authentication = ClientAuthenticationKind.None,
        RedirectUris = [redirectUri],
        CreatedAt = default,
    };
}
