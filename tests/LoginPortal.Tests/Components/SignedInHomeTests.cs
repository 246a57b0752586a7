using System.Globalization;
using System.Security.Claims;
using Bunit;
using LoginPortal.Components.Account;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;

namespace LoginPortal.Tests.Components;

public sealed class SignedInHomeTests : ComponentTests
{
    [Fact]
    public void Home_OfASignedInPerson_GreetsThemAndSaysSinceWhen()
    {
        Enter();
        Person.Become(Somebody());

        var home = Render<SignedInHome>();

        Assert.Equal("Hello, Grace Hopper", home.Find("h1").TextContent);
        Assert.Equal("You are signed in as grace@acme.example.", home.Find(".lead").TextContent);
        Assert.Contains("Administrator", home.Find("dl").TextContent, StringComparison.Ordinal);
        Assert.Equal(Clock.GetUtcNow(), DateTimeOffset.Parse(home.Find("time").GetAttribute("datetime")!, CultureInfo.InvariantCulture));
        Assert.Equal("session/sign-out", home.Find("form").GetAttribute("action"));
        Assert.Empty(home.FindAll(".notice"));
    }

    [Fact]
    public void Home_WhenTheSessionEnds_LeavesThePageAtOnce()
    {
        Enter();
        Person.Become(Somebody());
        var home = Render<SignedInHome>();

        Person.Become(null);

        home.WaitForState(() => Services.GetNavigation().History.Count == 1);
        var visit = Services.GetNavigation().History.First();
        Assert.Equal(("sign-in", true), (visit.Uri, visit.Options.ForceLoad));
        Assert.Equal("", home.Markup.Trim());
    }

    [Fact]
    public async Task Home_ThatIsGone_NoLongerListens()
    {
        Enter();
        Person.Become(Somebody());
        Render<SignedInHome>();
        await DisposeComponentsAsync();

        Person.Become(null);

        Assert.Empty(Services.GetNavigation().History);
    }

    [Fact]
    public void Home_OfNobody_LeadsToSignIn()
    {
        Enter();

        var home = Render<SignedInHome>();

        Assert.Equal("", home.Markup.Trim());
        Assert.Equal("sign-in", Services.GetNavigation().History.First().Uri);
    }

    [Theory]
    [InlineData("en", 10, "From Saturday, March 24, 2031 on, Acme asks everybody for a second factor.")]
    [InlineData("en", -1, null)]
    public void Home_BeforeASecondFactorIsRequired_NamesTheDay(string language, int days, string? expected)
    {
        Visit.Page = Visit.Page with { CultureName = language };
        Enter(new TenantPolicy { SecondFactor = SecondFactorRequirement.Required, SecondFactorRequiredFrom = Clock.GetUtcNow().AddDays(days) });
        Person.Become(Somebody());

        var notice = Render<SignedInHome>().FindAll(".notice").SingleOrDefault()?.TextContent.Trim();

        Assert.Equal(
            expected?.Replace("Saturday, March 24, 2031", Clock.GetUtcNow().AddDays(days).ToString("D", CultureInfo.GetCultureInfo(language)), StringComparison.Ordinal),
            notice);
    }

    private ClaimsPrincipal Somebody() => SessionClaims.Create(
        new ActiveSession(
            Guid.CreateVersion7(),
            new PersonProfile(
                Guid.CreateVersion7(), "grace@acme.example", EmailConfirmed: true, "Grace", "Hopper", Language: null, PortalRole.TenantAdministrator, Clock.GetUtcNow(), LastSignInAt: null),
            Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(1), IsRemembered: false, ["pwd"], "urn:loginportal:acr:single-factor"),
        Tenant.Required,
        "test");
}
