using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Totp;

namespace LoginPortal.Core.Tests.Totp;

public sealed class TotpCodeTests
{
    /// <summary>The seed of RFC 6238, appendix B, for SHA-1.</summary>
    private static readonly byte[] RfcSeed = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void Compute_InstantsOfRfc6238_AreTheCodesOfItsAppendix(long unixSeconds, string code)
    {
        var step = TotpCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));

        Assert.Equal(code, TotpCode.Compute(RfcSeed, step, digits: 8));
        Assert.Equal(code[2..], TotpCode.Compute(RfcSeed, step));
    }

    [Fact]
    public async Task Compute_RandomSeeds_AgreesWithOathtool()
    {
        for (var round = 0; round < 5; round++)
        {
            var seed = RandomNumberGenerator.GetBytes(TotpCode.SeedLength);
            var instant = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + round * 12_345_677L);

            Assert.Equal(await OathtoolAsync(Base32.Encode(seed), instant), TotpCode.Compute(seed, TotpCode.StepAt(instant)));
        }
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void FindStep_CodeOfAStepNearby_IsFoundOneStepEachWay(int distance, bool found)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_010);
        var step = TotpCode.StepAt(now) + distance;

        Assert.Equal(found ? step : null, TotpCode.FindStep(RfcSeed, TotpCode.Compute(RfcSeed, step), now));
    }

    [Theory]
    [InlineData("123456", "123456")]
    [InlineData("123 456", "123456")]
    [InlineData(" 123\u00A0456 ", "123456")]
    [InlineData("012345", "012345")]
    [InlineData("+12345", null)]
    [InlineData("12345", null)]
    [InlineData("1234567", null)]
    [InlineData("0123456", null)]
    [InlineData("１２３４５６", null)]
    [InlineData("١٢٣٤٥٦", null)]
    [InlineData("12-34-56", null)]
    [InlineData("12345a", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Normalize_WhatIsTyped_IsSixAsciiDigitsOrNothing(string? typed, string? digits) =>
        Assert.Equal(digits, TotpCode.Normalize(typed));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_VectorsOfRfc4648_AreEncodedWithoutPadding(string text, string encoded) =>
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(text)));

    private static async Task<string> OathtoolAsync(string key, DateTimeOffset instant)
    {
        var start = new ProcessStartInfo("oathtool") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "--totp", "--base32", "--now", $"@{instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", key })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }
}
