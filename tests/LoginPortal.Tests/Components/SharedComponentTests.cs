using Bunit;
using LoginPortal.Components.Layout;
using LoginPortal.Components.Shared;
using LoginPortal.Components.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Tests.Components;

/// <summary>The small parts that pages are made of.</summary>
public sealed class SharedComponentTests : ComponentTests
{
    [Fact]
    public void Form_InACircuit_CarriesItsNameSoThatItCanStillBePosted()
    {
        var submitted = 0;
        var form = Render<PortalForm>(parameters => parameters.Add(f => f.Name, "sign-in").Add(f => f.OnSubmit, () => submitted++));

        form.Find("form").Submit();

        Assert.Equal(1, submitted);
        Assert.Equal("sign-in", form.Find("input[name=_handler]").GetAttribute("value"));
        Assert.Equal("token", form.Find("input[name=__RequestVerificationToken]").GetAttribute("value"));
        Assert.Equal("post", form.Find("form").GetAttribute("method"));
        Assert.True(form.Find("form").HasAttribute("novalidate"));
    }

    [Fact]
    public void Form_RenderedStatically_LeavesItsNameToTheFramework()
    {
        BecomeInteractive(false);

        var form = Render<PortalForm>(parameters => parameters.Add(f => f.Name, "sign-in"));

        Assert.Empty(form.FindAll("input[name=_handler]"));
    }

    [Theory]
    [InlineData(NoticeKind.Information, "status", "notice-information")]
    [InlineData(NoticeKind.Success, "status", "notice-success")]
    [InlineData(NoticeKind.Problem, "alert", "notice-problem")]
    public void Notice_OfEachKind_IsSpokenAsLoudAsItIsImportant(NoticeKind kind, string role, string style)
    {
        var notice = Render<Notice>(parameters => parameters.Add(n => n.Kind, kind).Add(n => n.Id, "it").AddChildContent("Words"));

        var element = notice.Find("#it");
        Assert.Equal((role, "Words"), (element.GetAttribute("role"), element.TextContent.Trim()));
        Assert.Contains(style, element.ClassList);
        Assert.Equal("true", element.QuerySelector("svg")!.GetAttribute("aria-hidden"));
    }

    [Fact]
    public void SubmitButton_Ready_HasItsWords()
    {
        var button = Render<SubmitButton>(parameters => parameters.AddChildContent("Go"));

        Assert.Equal(("Go", null), (button.Find("button").TextContent.Trim(), button.Find("button").GetAttribute("aria-disabled")));
        Assert.Equal(("submit", "One moment …"), (button.Find("button").GetAttribute("type"), button.Find("button").GetAttribute("data-busy-label")));
    }

    [Fact]
    public void SubmitButton_Busy_SaysSoAndStaysReachable()
    {
        var button = Render<SubmitButton>(parameters => parameters.Add(b => b.Busy, true).AddChildContent("Go"));

        Assert.Equal(("One moment …", "true"), (button.Find("button").TextContent.Trim(), button.Find("button").GetAttribute("aria-disabled")));
        Assert.False(button.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public void RememberField_NotOffered_IsNotThere() => Assert.Equal("", Render<RememberField>().Markup.Trim());

    [Fact]
    public void RememberField_Ticked_IsTold()
    {
        var told = false;
        var field = Render<RememberField>(parameters => parameters.Add(f => f.Offered, true).Add(f => f.ValueChanged, value => told = value));

        field.Find("input").Change(true);

        Assert.True(told);
        Assert.Equal("remember", field.Find("label").GetAttribute("for"));
        Assert.Equal(field.Find(".hint").Id, field.Find("input").GetAttribute("aria-describedby"));
        Assert.False(field.Find("input").HasAttribute("checked"));
    }

    [Fact]
    public void LanguageSwitch_OfTwoLanguages_LeadsToThisPageInEach()
    {
        Enter();

        var links = Render<LanguageSwitch>(parameters => parameters.Add(languages => languages.Address, "https://localhost/t/acme/sign-in?flow=1&ui_locales=en")).FindAll("a");

        Assert.Equal(["English", "Deutsch"], links.Select(link => link.TextContent));
        Assert.Equal(["en", "de"], links.Select(link => link.GetAttribute("lang")));
        Assert.Equal(["true", null], links.Select(link => link.GetAttribute("aria-current")));
        Assert.All(links, link => Assert.Equal("_top", link.GetAttribute("target")));
        Assert.EndsWith("sign-in?flow=1&ui_locales=de", links[1].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void LanguageSwitch_OfOneLanguage_IsNotThere()
    {
        Enter(new TenantPolicy { Languages = ["de"] });

        Assert.Equal("", Render<LanguageSwitch>().Markup.Trim());
    }

    [Theory]
    [InlineData(true, "sign-in?signed-out=true", "This sign-in took too long or has ended already. Nothing was lost: please start again.")]
    [InlineData(false, "sign-in?signed-out=true", "You are signed out.")]
    [InlineData(false, "sign-in?account-ready=true", "Your account is ready. Sign in with it now.")]
    public void StartNotice_OfWhatHappened_TellsTheMoreImportant(bool expired, string address, string expected)
    {
        Services.GetNavigation().NavigateTo(address);
        var notice = Render<StartNotice>(parameters => parameters.Add(n => n.Expired, expired));

        Assert.Equal(expected, notice.Find(".notice").TextContent.Trim());
    }
}
