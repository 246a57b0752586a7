using System.Diagnostics;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;

namespace LoginPortal.Core.Tests.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly PasswordBlocklist Blocklist = new();

    private static readonly string[] Person = ["ada.lovelace@analytical.example", "Ada", "Lovelace"];

    private static readonly TestClock Clock = new();

    private static readonly PasswordRules Rules = new(Blocklist, Clock);

    [Fact]
    public void Blocklist_Always_HoldsTenThousandEntriesOrMore() => Assert.True(Blocklist.Count >= 10_000, $"{Blocklist.Count}");

    [Theory]
    [InlineData("blue-kettle-walks-at-noon")]
    [InlineData("orbit velvet cactus ladder mosaic")]
    [InlineData("correct horse battery staple")]
    [InlineData("Gx7!pQz2vLm9#Rt4")]
    [InlineData("w8fjq0zkd72mslx3")]
    [InlineData("mein Fahrrad schläft im Regen")]
    [InlineData("сегодня идёт тёплый дождь")]
    [InlineData("お風呂の前に必ず猫の毛を梳かします")]
    [InlineData("🔑🚲🌧️🐈🧵🪁🥐🎻🧊🪴🎲🧦🪐🫖🛶")]
    public void Check_GoodPassphrase_HasNoProblem(string password) => Assert.Empty(Check(password));

    [Theory]
    [InlineData("password")]
    [InlineData("Password")]
    [InlineData("PASSWORD")]
    [InlineData("passwordpassword1")]
    [InlineData("Password123456789")]
    [InlineData("p@ssw0rd")]
    [InlineData("P@$$w0rdP@$$w0rd")]
    [InlineData("iloveyou12345678")]
    [InlineData("letmein-letmein-1")]
    [InlineData("dragon1monkey2012")]
    [InlineData("ｐａｓｓｗｏｒｄ１２３４５６７")]
    public void Check_PasswordThatAttackersTryFirst_IsBlocked(string password) =>
        Assert.Contains(Check(password), problem => problem is PasswordProblem.Common or PasswordProblem.Repetitive);

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abababababababababab")]
    [InlineData("abcabcabcabcabcabcab")]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑")]
    [InlineData("monkeymonkeymonkey")]
    [InlineData("abcdefghijklmnopqrst")]
    [InlineData("zyxwvutsrqponmlkjihg")]
    [InlineData("01234567890123456789")]
    [InlineData("98765432109876543210")]
    [InlineData("qwertyuiopasdfghjkl")]
    [InlineData("qwertzuiopasdfghjkl")]
    [InlineData("azertyuiopqsdfghjklm")]
    [InlineData("1qaz2wsx3edc4rfv5tgb")]
    [InlineData("lkjhgfdsapoiuytrewq")]
    public void Check_RepetitionOrRun_IsRepetitive(string password) => Assert.Contains(PasswordProblem.Repetitive, Check(password));

    [Theory]
    [InlineData("ada.lovelace@analytical.example")]
    [InlineData("lovelacelovelace1")]
    [InlineData("AdaLovelace12345")]
    [InlineData("LoveLace-2026---")]
    [InlineData("analytical-lovelace")]
    [InlineData("QuerfeldOfenbau123")]
    [InlineData("ofenbau-querfeld-99")]
    [InlineData("signin.querfeld.test")]
    public void Check_OwnWordsAndLittleElse_IsBlocked(string password) => Assert.Contains(
        Check(password), problem => problem is PasswordProblem.OwnWords or PasswordProblem.Common or PasswordProblem.Repetitive);

    [Fact]
    public void Check_OwnWords_AreTheReason()
    {
        Assert.Equal([PasswordProblem.OwnWords], Check("Querfeld-Ofenbau-99"));
        Assert.Equal([PasswordProblem.OwnWords], Check("lovelace-2041-lovelace"));
        Assert.Empty(Check("Querfeld gave seven umbrellas away"));
        Assert.Empty(Rules.Check("Querfeld-Ofenbau-99", Tenant(new TenantPolicy()) with { DisplayName = "Acme", Slug = "acme", PrimaryHost = null }, []));
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void Check_OnlyFactor_WantsFifteenCodePoints(int length, bool tooShort) =>
        AssertTooShort(tooShort, length, new TenantPolicy());

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Check_SecondFactorMandatory_WantsEightCodePoints(int length, bool tooShort) =>
        AssertTooShort(tooShort, length, new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void Check_SecondFactorMandatoryLater_WantsFifteenUntilThen(int length, bool tooShort) => AssertTooShort(
        tooShort,
        length,
        new TenantPolicy { SecondFactor = SecondFactorRequirement.Required, SecondFactorRequiredFrom = Clock.GetUtcNow().AddSeconds(1) });

    [Theory]
    [InlineData(19, 20, true)]
    [InlineData(20, 20, false)]
    [InlineData(14, 6, true)]
    [InlineData(15, 6, false)]
    public void Check_TenantsOwnMinimum_CanOnlyRaiseIt(int length, int minimum, bool tooShort) =>
        AssertTooShort(tooShort, length, new TenantPolicy { MinimumPasswordLength = minimum });

    [Fact]
    public void Check_Length_IsCountedInCodePointsAfterComposition()
    {
        Assert.Contains(PasswordProblem.TooShort, Check("🔑🚲🌧🐈🧵🪁🥐🎻🧊🪴🎲🧦🪐🫖"));
        Assert.Contains(PasswordProblem.TooShort, Check("e\u0301u\u0308o\u0308a\u0308n\u0303c\u0327 kzvq"));
        Assert.Empty(Check(Varied(128)));
        Assert.Equal([PasswordProblem.TooLong], Check(Varied(129)));
        Assert.Equal([PasswordProblem.TooLong], Check(Varied(129).Replace("k", "🔑", StringComparison.Ordinal)));
        Assert.Equal([PasswordProblem.TooLong], Check(new string('x', 100_000)));
    }

    [Fact]
    public void Check_NothingOrNoText_SaysSo()
    {
        Assert.Equal([PasswordProblem.TooShort], Check(null));
        Assert.Equal([PasswordProblem.TooShort], Check(""));
        Assert.Equal([PasswordProblem.NotText], Check("blue-kettle-walks-\uD83D-noon"));
        Assert.Equal([PasswordProblem.NotText], Check("blue-kettle-walks-\uFFFE-noon"));
    }

    [Fact]
    public void Check_AnyText_NeverThrows()
    {
        foreach (var text in RandomText.Many(3_000))
        {
            Assert.All(Check(text), problem => Assert.True(Enum.IsDefined(problem)));
            Assert.Empty(Rules.Check("blue-kettle-walks-at-noon", Tenant(new TenantPolicy()), [text]));
        }
    }

    [Fact]
    public void Check_LongestTextOnceFolded_IsAnsweredSoon()
    {
        // One code point that folds to eighteen: 128 of them, kept from being a repetition, are over two thousand characters.
        var password = string.Concat(Enumerable.Range(0, 128).Select(n => n % 5 == n % 7 ? "k" : "\uFDFA"));
        var watch = Stopwatch.StartNew();

        Check(password);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    private static void AssertTooShort(bool expected, int length, TenantPolicy policy)
    {
        var problems = Rules.Check(Varied(length), Tenant(policy), Person);
        Assert.Equal(expected, problems.Contains(PasswordProblem.TooShort));
    }

    private static IReadOnlyList<PasswordProblem> Check(string? password) => Rules.Check(password, Tenant(new TenantPolicy()), Person);

    private static TenantProfile Tenant(TenantPolicy policy) =>
        new(Guid.NewGuid(), "querfeld", "Querfeld Ofenbau", policy, Guid.Empty, Branding.Default, "signin.querfeld.test");

    /// <summary>Characters without any pattern that the rules know.</summary>
    private static string Varied(int length)
    {
        const string Source = "k7#vQ2!mZx9&tRw4$pLb8";
        return string.Concat(Enumerable.Range(0, length).Select(n => Source[(n * n + (3 * n)) % Source.Length]));
    }
}
