using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("login.example.com", "login.example.com")]
    [InlineData("LOGIN.Example.COM", "login.example.com")]
    [InlineData("login.example.com.", "login.example.com")]
    [InlineData("Bücher.example", "xn--bcher-kva.example")]
    [InlineData("XN--bcher-KVA.example", "xn--bcher-kva.example")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("login。example。com", "login.example.com")]
    [InlineData("", "")]
    [InlineData("A..b", "a..b")]
    public void Normalize_Host_IsLowerCaseAscii(string host, string expected) => Assert.Equal(expected, HostName.Normalize(host));

    [Fact]
    public void Normalize_AnyText_NeverThrowsAndIsStable()
    {
        foreach (var text in RandomText.Many(2_000))
        {
            var once = HostName.Normalize(text);
            Assert.Equal(once, once.ToLowerInvariant());
        }
    }
}
