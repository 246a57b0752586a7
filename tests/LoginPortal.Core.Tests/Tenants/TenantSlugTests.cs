using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class TenantSlugTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("acme", true)]
    [InlineData("acme-2", true)]
    [InlineData("4711", true)]
    [InlineData("a--b", true)]
    [InlineData("platform", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-acme", false)]
    [InlineData("acme-", false)]
    [InlineData("-", false)]
    [InlineData("Acme", false)]
    [InlineData("acme corp", false)]
    [InlineData("acme.corp", false)]
    [InlineData("acme_corp", false)]
    [InlineData("acme/..", false)]
    [InlineData("bücher", false)]
    [InlineData("acme\n", false)]
    [InlineData("аcme", false)]
    public void IsValid_Text_IsAsItsForm(string? slug, bool valid) => Assert.Equal(valid, TenantSlug.IsValid(slug));

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void IsValid_Length_IsAtMostForty(int length, bool valid) => Assert.Equal(valid, TenantSlug.IsValid(new string('a', length)));

    [Fact]
    public void Platform_Always_IsASlug() => Assert.True(TenantSlug.IsValid(TenantSlug.Platform));
}
