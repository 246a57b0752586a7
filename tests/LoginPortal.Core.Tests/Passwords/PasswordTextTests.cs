using System.Text;
using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.Tests.Passwords;

public sealed class PasswordTextTests
{
    private const string Emoji = "\U0001F511";

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData(Emoji, 1)]
    [InlineData("a" + Emoji + "b", 3)]
    [InlineData("e\u0301", 2)]
    public void Length_Text_IsCountedInCodePoints(string text, int expected) => Assert.Equal(expected, PasswordText.Length(text));

    [Theory]
    [InlineData("a", 128, true)]
    [InlineData("a", 129, false)]
    [InlineData(Emoji, 128, true)]
    [InlineData(Emoji, 129, false)]
    [InlineData("e\u0301", 128, true)]
    [InlineData("e\u0301", 129, false)]
    [InlineData("a", 1, true)]
    [InlineData("a", 100_000, false)]
    public void TryNormalize_Length_IsAtMost128CodePointsAfterComposition(string unit, int count, bool possible) =>
        Assert.Equal(possible, PasswordText.TryNormalize(string.Concat(Enumerable.Repeat(unit, count)), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void TryNormalize_Nothing_IsNoPassword(string? nothing) => Assert.False(PasswordText.TryNormalize(nothing, out _));

    [Fact]
    public void TryNormalize_ComposedAndDecomposed_AreTheSame()
    {
        Assert.True(PasswordText.TryNormalize("Caf\u00E9 \uAC01", out var composed));
        Assert.True(PasswordText.TryNormalize("Cafe\u0301 \u1100\u1161\u11A8", out var decomposed));
        Assert.Equal(composed, decomposed);
    }

    [Theory]
    [InlineData("pass word", "pass word")]
    [InlineData(" a ", " a ")]
    [InlineData("\uFB03", "\uFB03")]
    [InlineData("\uFF21", "\uFF21")]
    public void TryNormalize_OtherText_IsLeftAsItIs(string text, string expected)
    {
        Assert.True(PasswordText.TryNormalize(text, out var normalized));
        Assert.Equal(expected, normalized);
    }

    [Fact]
    public void IsText_HalfACharacterOrNone_IsNot()
    {
        foreach (var text in (string[])["\uD83D", "\uDD11", "a\uD83D", "\uDD11a", "\uDD11\uD83D", "\uD83D\uD83D\uDD11", Emoji + "\uDD11", "a\uFFFE"])
        {
            Assert.False(PasswordText.IsText(text));
            Assert.False(PasswordText.TryNormalize(text, out _));
        }

        foreach (var text in (string[])["", "a" + Emoji + Emoji, "\0\uFFFF\uFFFD"])
        {
            Assert.True(PasswordText.IsText(text));
        }
    }

    [Fact]
    public void TryNormalize_AnyText_NeverThrowsAndGivesAStableForm()
    {
        foreach (var text in RandomText.Many(5_000))
        {
            if (PasswordText.TryNormalize(text, out var normalized))
            {
                Assert.True(normalized.IsNormalized(NormalizationForm.FormC));
                Assert.InRange(PasswordText.Length(normalized), 1, PasswordText.MaximumLength);
                Assert.True(PasswordText.TryNormalize(normalized, out var again));
                Assert.Equal(normalized, again);
            }
        }
    }
}
