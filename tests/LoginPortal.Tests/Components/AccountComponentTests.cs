using Bunit;
using LoginPortal.Components.Account;
using LoginPortal.Components.SignIn;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Sessions;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Tests.Components;

/// <summary>The parts of the account pages that need no Core.</summary>
public sealed class AccountComponentTests : ComponentTests
{
    [Theory]
    [InlineData("Ada Lovelace", "AL")]
    [InlineData("Ada Augusta King-Noel Lovelace", "AL")]
    [InlineData("ada@acme.example", "A")]
    [InlineData("🦊 Fuchs", "🦊F")]
    [InlineData("", "")]
    public void Avatar_WithoutAPicture_ShowsInitials(string name, string initials) =>
        Assert.Equal(initials, Render<Avatar>(parameters => parameters.Add(avatar => avatar.Name, name)).Find(".avatar").TextContent);

    [Fact]
    public void Chooser_OfSeveralAccounts_OffersEachAndSaysWhichMustSignInAgain()
    {
        Enter();
        var chooser = Render<AccountChooser>(parameters => parameters
            .Add(component => component.Accounts, [Account("ada@acme.example", isLive: true), Account("bob@acme.example", isLive: false)])
            .Add(component => component.ReturnTo, "account/profile"));

        var choices = chooser.FindAll("form.choice");
        Assert.Equal(["session/switch", "session/switch"], choices.Select(form => form.GetAttribute("action")));
        Assert.All(choices, form => Assert.Equal("account/profile", form.QuerySelector("input[name='returnUrl']")!.GetAttribute("value")));
        Assert.DoesNotContain("Sign in again", choices[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Sign in again", choices[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["Sign out ada@acme.example", "Sign out bob@acme.example"], chooser.FindAll("button[aria-label]").Select(button => button.GetAttribute("aria-label")));
        Assert.Equal("sign-in?prompt=login&returnUrl=account%2Fprofile", chooser.Find("a.button").GetAttribute("href"));
    }

    [Fact]
    public void Layout_OfAPage_MarksItInBothItsMenus()
    {
        Enter();
        BecomeSomebody();
        Services.GetNavigation().NavigateTo("account/address");

        var layout = RenderLayout();

        Assert.Equal(["account/profile", "account/profile"], layout.FindAll("a[aria-current='page']").Select(link => link.GetAttribute("href")));
        Assert.Equal("The page.", layout.Find(".account-body").TextContent.Trim());
    }

    [Fact]
    public void Layout_WhenTheSessionEnds_ShowsNothingAnyMoreAndLeaves()
    {
        Enter();
        BecomeSomebody();
        var layout = RenderLayout();

        Person.Become(null);

        layout.WaitForAssertion(() => Assert.Empty(layout.FindAll(".account")));
        var visit = Services.GetNavigation().History.First();
        Assert.Equal(("sign-in", true), (visit.Uri, visit.Options.ForceLoad));
    }

    [Theory]
    [InlineData(SecurityEventKind.SignIn, SecurityEventOutcome.Success, "SignIn", true)]
    [InlineData("password_verification", SecurityEventOutcome.Refused, "PasswordVerification", false)]
    [InlineData(SecurityEventKind.AccountRegistered, SecurityEventOutcome.Refused, "AccountRegisteredRefused", false)]
    [InlineData(SecurityEventKind.ApplicationConsent, SecurityEventOutcome.Success, null, false)]
    [InlineData("something_of_tomorrow", SecurityEventOutcome.Success, null, false)]
    public void Words_OfAnEvent_AreThereForEachKind(string kind, SecurityEventOutcome outcome, string? name, bool canBeReported)
    {
        var happened = new ActivityView(Guid.NewGuid(), kind, outcome, IpAddress: null, Place: null, Clock.GetUtcNow(), IsOfThisSession: false);

        Assert.Equal((name, canBeReported), (ActivityWords.NameOf(happened), ActivityWords.CanBeReported(happened)));
    }

    private IRenderedComponent<AccountLayout> RenderLayout() => Render<AccountLayout>(parameters => parameters
        .Add<RenderFragment>(layout => layout.Body!, builder => builder.AddContent(0, "The page.")));

    private void BecomeSomebody() => Person.Become(SessionClaims.Create(
        new ActiveSession(
            Guid.NewGuid(),
            new PersonProfile(Guid.NewGuid(), "ada@acme.example", EmailConfirmed: true, "Ada", "Lovelace", Language: null, PortalRole.Member, Clock.GetUtcNow(), LastSignInAt: null),
            Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(1), IsRemembered: false, ["pwd"], "1"),
        Tenant.Required,
        "Test"));

    private BrowserAccount Account(string address, bool isLive) =>
        new(Guid.NewGuid(), Guid.NewGuid(), address, address, Clock.GetUtcNow(), isLive, IsCurrent: false);
}
