using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.Tests.Passwords;

public sealed class PasswordStrengthTests
{
    [Theory]
    [InlineData("password", "passwordqx7", "passwordqx7-kettle-mosaic")]
    [InlineData("a", "a7#", "a7#vQ2!mZx9&tRw4")]
    [InlineData("noon", "walks-at-noon", "blue-kettle-walks-at-noon")]
    public void Estimate_LongerPassword_IsNotWeaker(string first, string second, string third)
    {
        var scores = new[] { Estimate(first), Estimate(second), Estimate(third) };

        Assert.Equal(scores.Order(), scores);
        Assert.True(scores[0] < scores[2]);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("password", 0)]
    [InlineData("blue-kettle-walks-at-noon", 4)]
    [InlineData("Gx7!pQz2vLm9#Rt4", 4)]
    public void Estimate_KnownExamples_AreAtTheirEndOfTheScale(string? password, int expected) => Assert.Equal(expected, Estimate(password));

    [Fact]
    public void Estimate_OwnWords_CountAsKnown() =>
        Assert.True(PasswordStrength.Estimate("zqxvkjwplm", ["zqxvkjwplm"]) < Estimate("zqxvkjwplm"));

    [Fact]
    public void Estimate_OwnWordsThatAreEmpty_ChangeNothing() =>
        Assert.Equal(Estimate("blue-kettle-walks"), PasswordStrength.Estimate("blue-kettle-walks", ["", " "]));

    [Fact]
    public void Estimate_AnyText_NeverThrowsAndStaysOnTheScale()
    {
        foreach (var text in RandomText.Many(1_000))
        {
            Assert.InRange(PasswordStrength.Estimate(text, [text, "", "ada@acme.example"]), 0, 4);
        }
    }

    [Fact]
    public void Estimate_PairAcrossTheCut_DoesNotThrow() =>
        Assert.InRange(Estimate(new string('a', 63) + "\U0001F511" + new string('b', 63)), 0, 4);

    private static int Estimate(string? password) => PasswordStrength.Estimate(password, ["ada@acme.example", "Ada"]);
}
