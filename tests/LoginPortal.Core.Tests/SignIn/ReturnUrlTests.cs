using LoginPortal.Core.SignIn;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class ReturnUrlTests
{
    private static readonly Uri Base = new("https://login.example.com/t/acme/");

    [Theory]
    [InlineData("account")]
    [InlineData("account?tab=1")]
    [InlineData("account/sessions#list")]
    [InlineData("?next=https://example.com/a:b")]
    [InlineData("#top")]
    [InlineData("account?path=../x")]
    [InlineData("bücher/ä")]
    [InlineData("a.b/..c/d..")]
    [InlineData("%2fserver")]
    public void Check_PathInsideTheTenant_PassesUnchanged(string value)
    {
        Assert.Equal(value, ReturnUrl.Check(value));
        Assert.StartsWith(Base.ToString(), new Uri(Base, value).AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/t/globex/account")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("account\\..\\..")]
    [InlineData("http://evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("HTTPS://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("a:b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../globex/account")]
    [InlineData("account/../../globex")]
    [InlineData("account/..")]
    [InlineData("./account")]
    [InlineData("%2e%2e/globex")]
    [InlineData("%2E%2e/globex")]
    [InlineData(".%2e/globex")]
    [InlineData("account%2f..%2f..")]
    [InlineData("account/%2e%2e%5c..")]
    [InlineData("\taccount")]
    [InlineData("account\n")]
    [InlineData("acc\r\nSet-Cookie: a=b")]
    [InlineData(" account")]
    [InlineData("\t//evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("account\u0000")]
    [InlineData("account\u0085")]
    [InlineData("account\u2028")]
    public void Check_AnythingElse_DoesNotPass(string? value) => Assert.Null(ReturnUrl.Check(value));

    [Fact]
    public void Check_HalfACharacter_DoesNotPass()
    {
        // Not as an attribute's argument: those are stored as UTF-8, which has no form for it.
        Assert.Null(ReturnUrl.Check("account?a=\uD800"));
        Assert.Null(ReturnUrl.Check("\uDC00account"));
        Assert.NotNull(ReturnUrl.Check("account?a=\uD83D\uDE00"));
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void Check_Length_IsLimited(int length, bool passes) => Assert.Equal(passes, ReturnUrl.Check(new string('a', length)) is not null);

    [Fact]
    public void Check_AnyText_NeverThrowsAndStaysInsideTheTenant()
    {
        foreach (var text in RandomText.Many(5_000))
        {
            if (ReturnUrl.Check(text) is { } passed && Uri.TryCreate(Base, passed, out var target))
            {
                Assert.StartsWith(Base.ToString(), target.AbsoluteUri, StringComparison.Ordinal);
            }
        }
    }
}
