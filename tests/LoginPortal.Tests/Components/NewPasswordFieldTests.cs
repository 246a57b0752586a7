using Bunit;
using LoginPortal.Components.Shared;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Tests.Components;

public sealed class NewPasswordFieldTests : ComponentTests
{
    [Fact]
    public void Rules_BeforeAnythingIsTyped_AreSaidWithoutJudgement()
    {
        Enter();

        var field = Render<NewPasswordField>();

        Assert.Equal("new-password", field.Find("input").GetAttribute("autocomplete"));
        Assert.Equal("new-password-rules", field.Find("input").GetAttribute("aria-describedby"));
        Assert.Equal(2, field.FindAll("#new-password-rules li").Count);
        Assert.Empty(field.FindAll(".met, .unmet, .strength, .visually-hidden"));
        Assert.Contains("at least 15 characters", field.Find("li").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "unmet", "met")]
    [InlineData("seven-otters-read-a-map", "met", "met")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "met", "unmet")]
    [InlineData("aaaa", "unmet", "unmet")]
    public void Rules_AsOneTypes_AreMetOrNotInWordsToo(string typed, string length, string uncommon)
    {
        Enter();

        var rules = Render<NewPasswordField>(parameters => parameters.Add(f => f.Value, typed)).FindAll("li");

        Assert.Equal([length, uncommon], rules.Select(rule => rule.ClassName));
        Assert.All(rules, rule => Assert.EndsWith(rule.ClassName == "met" ? " (met)" : " (not met yet)", rule.TextContent.Trim(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, SecondFactorRequirement.Optional, "15")]
    [InlineData(null, SecondFactorRequirement.Required, "8")]
    [InlineData(20, SecondFactorRequirement.Optional, "20")]
    [InlineData(3, SecondFactorRequirement.Required, "8")]
    public void RuleOfLength_ByThePolicy_NamesTheNumberThatCounts(int? minimum, SecondFactorRequirement secondFactor, string expected)
    {
        Enter(new TenantPolicy { MinimumPasswordLength = minimum, SecondFactor = secondFactor });

        Assert.Contains($"at least {expected} characters", Render<NewPasswordField>().Find("li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Strength_AsOneTypes_IsSaidInWordsAndShown()
    {
        Enter();

        var weak = Render<NewPasswordField>(parameters => parameters.Add(f => f.Value, "password"));
        var strong = Render<NewPasswordField>(parameters => parameters.Add(f => f.Value, "seven-otters-read-a-map"));

        Assert.Equal("Strength: very easy to guess", weak.Find("[role=status]").TextContent);
        Assert.Equal("0", weak.Find("meter").GetAttribute("value"));
        Assert.Equal("Strength: strong", strong.Find("[role=status]").TextContent);
        Assert.Equal(("4", "true"), (strong.Find("meter").GetAttribute("value"), strong.Find("meter").GetAttribute("aria-hidden")));
    }

    [Fact]
    public void OwnWords_InThePassword_AreAgainstTheRules()
    {
        Enter();

        var field = Render<NewPasswordField>(parameters => parameters
            .Add(f => f.Value, "grace.hopper@acme.example").Add(f => f.OwnWords, ["grace.hopper@acme.example"]));

        Assert.Equal("unmet", field.FindAll("li")[1].ClassName);
    }

    [Fact]
    public void EachKey_IsTold()
    {
        Enter();
        string? told = null;
        var field = Render<NewPasswordField>(parameters => parameters.Add(f => f.ValueChanged, value => told = value));

        field.Find("input").Input("s");

        Assert.Equal("s", told);
    }

    [Theory]
    [MemberData(nameof(EachProblem))]
    public void Problem_OfTheSubmittedPassword_IsSaidInBothLanguages(PasswordProblem problem)
    {
        Enter();

        var english = Render<NewPasswordField>(parameters => parameters.Add(f => f.Problems, [problem])).Find(".problem").TextContent.Trim();
        Visit.Page = Visit.Page with { CultureName = "de" };
        var german = Render<NewPasswordField>(parameters => parameters.Add(f => f.Problems, [problem])).Find(".problem").TextContent.Trim();

        Assert.StartsWith("It ", english, StringComparison.Ordinal);
        Assert.StartsWith("Es ", german, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfTheSubmittedPassword_AreSaidTogether()
    {
        Enter();

        var field = Render<NewPasswordField>(parameters => parameters.Add(f => f.Problems, [PasswordProblem.TooShort, PasswordProblem.Common]));

        Assert.Equal(
            "It is too short. It is one of the passwords that attackers try first, or close to one.", field.Find(".problem").TextContent.Trim());
        Assert.Equal("new-password-problem new-password-rules", field.Find("input").GetAttribute("aria-describedby"));
    }

    public static TheoryData<PasswordProblem> EachProblem => new(Enum.GetValues<PasswordProblem>());
}
