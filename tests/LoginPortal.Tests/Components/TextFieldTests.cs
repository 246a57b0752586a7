using Bunit;
using LoginPortal.Components.Shared;

namespace LoginPortal.Tests.Components;

public sealed class TextFieldTests : ComponentTests
{
    [Fact]
    public void Field_Plain_HasItsLabelAndSaysWhatItTakes()
    {
        var field = Render<TextField>(parameters => parameters
            .Add(f => f.Name, "username").Add(f => f.Label, "E-mail").Add(f => f.Type, "email").Add(f => f.Autocomplete, "username").Add(f => f.Value, "a@b.example"));

        var input = field.Find("input");
        Assert.Equal(("username", "E-mail"), (field.Find("label").GetAttribute("for"), field.Find("label").TextContent));
        Assert.Equal(("username", "username", "email", "email"), (input.Id, input.GetAttribute("name"), input.GetAttribute("type"), input.GetAttribute("inputmode")));
        Assert.Equal(("username", "254", "a@b.example"), (input.GetAttribute("autocomplete"), input.GetAttribute("maxlength"), input.GetAttribute("value")));
        Assert.Equal(("none", "false", "true"), (input.GetAttribute("autocapitalize"), input.GetAttribute("spellcheck"), input.GetAttribute("aria-required")));
        Assert.False(input.HasAttribute("aria-invalid"));
        Assert.False(input.HasAttribute("aria-describedby"));
        Assert.False(input.HasAttribute("autofocus"));
        Assert.Empty(field.FindAll("button, .problem"));
    }

    [Fact]
    public void Field_WithAProblem_IsInvalidAndDescribedByIt()
    {
        var field = Render<TextField>(parameters => parameters
            .Add(f => f.Name, "password").Add(f => f.Label, "Password").Add(f => f.Autocomplete, "current-password")
            .Add(f => f.Problem, "That is wrong.").Add(f => f.DescribedBy, "rules"));

        var input = field.Find("input");
        var problem = field.Find(".problem");
        Assert.Equal(("true", "password-problem rules"), (input.GetAttribute("aria-invalid"), input.GetAttribute("aria-describedby")));
        Assert.Equal(("password-problem", "alert", "That is wrong."), (problem.Id, problem.GetAttribute("role"), problem.TextContent.Trim()));
    }

    [Fact]
    public void Password_RenderedStatically_IsNeverWrittenIntoThePage()
    {
        BecomeInteractive(false);

        var field = RenderPassword("a-secret-of-mine");

        Assert.False(field.Find("input").HasAttribute("value"));
        Assert.DoesNotContain("a-secret-of-mine", field.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_InACircuit_KeepsWhatWasTyped()
    {
        Assert.Equal("a-secret-of-mine", RenderPassword("a-secret-of-mine").Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Password_WithoutScript_OffersNoButtonThatCannotWork()
    {
        var field = RenderPassword(null);

        var button = field.Find("button");
        Assert.True(button.HasAttribute("hidden"));
        Assert.Equal(("button", "password", "false"), (button.GetAttribute("type"), button.GetAttribute("data-reveal"), button.GetAttribute("aria-pressed")));
        Assert.Equal(
            ("Show password", "Show password", "Hide password"),
            (button.GetAttribute("aria-label"), button.GetAttribute("data-label-show"), button.GetAttribute("data-label-hide")));
        Assert.True(field.Find("[data-capslock=password]").HasAttribute("hidden"));
        Assert.Equal("password", field.Find("input").GetAttribute("type"));
    }

    [Fact]
    public void Password_InGerman_IsLabelledInGerman()
    {
        Visit.Page = Visit.Page with { CultureName = "de" };

        var field = RenderPassword(null);

        Assert.Equal("Passwort anzeigen", field.Find("button").GetAttribute("aria-label"));
        Assert.Equal("Die Feststelltaste ist aktiv.", field.Find("[data-capslock]").TextContent);
    }

    [Fact]
    public void Change_OfTheValue_IsTold()
    {
        string? told = null;
        var field = Render<TextField>(parameters => parameters
            .Add(f => f.Name, "a").Add(f => f.Label, "A").Add(f => f.Autocomplete, "off").Add(f => f.ValueChanged, value => told = value));

        field.Find("input").Change("typed");

        Assert.Equal("typed", told);
    }

    [Theory]
    [InlineData(true, "t")]
    [InlineData(false, null)]
    public void EachKey_OnlyWhereAskedFor_IsTold(bool live, string? expected)
    {
        string? told = null;
        var field = Render<TextField>(parameters => parameters
            .Add(f => f.Name, "a").Add(f => f.Label, "A").Add(f => f.Autocomplete, "off").Add(f => f.Live, live).Add(f => f.ValueChanged, value => told = value));

        if (live)
        {
            field.Find("input").Input("t");
        }
        else
        {
            Assert.Throws<MissingEventHandlerException>(() => field.Find("input").Input("t"));
        }

        Assert.Equal(expected, told);
    }

    private IRenderedComponent<TextField> RenderPassword(string? value) => Render<TextField>(parameters => parameters
        .Add(f => f.Name, "password").Add(f => f.Label, "Password").Add(f => f.IsPassword, true).Add(f => f.Autocomplete, "current-password").Add(f => f.Value, value));
}
