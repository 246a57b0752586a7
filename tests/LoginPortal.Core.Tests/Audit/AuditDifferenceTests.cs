using LoginPortal.Core.Audit;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Audit;

public sealed class AuditDifferenceTests
{
    [Fact]
    public void Between_TwoPolicies_NamesWhatDiffersAndNothingElse()
    {
        var before = new TenantPolicy { Languages = ["en"] };
        var after = before with
        {
            TrustedDeviceDays = 7,
            SecondFactorMethods = [SecondFactorMethod.Totp, SecondFactorMethod.EmailCode],
            Registration = before.Registration with { IsOpen = true },
        };

        Assert.Equal(
            [
                new AuditDifference("secondFactorMethods", "[\"totp\"]", "[\"totp\",\"emailCode\"]"),
                new AuditDifference("trustedDeviceDays", "30", "7"),
                new AuditDifference("registration.isOpen", "false", "true"),
            ],
            AuditDifference.Between(before, after));
    }

    [Fact]
    public void Between_NothingAndSomething_NamesEachMember() =>
        Assert.Equal(
            [new AuditDifference("accent", null, "\"#000000\"")],
            AuditDifference.Between(null, new { Accent = "#000000" }));

    [Fact]
    public void Between_LongValues_CutsThem()
    {
        var difference = Assert.Single(AuditDifference.Between(new { Text = "" }, new { Text = new string('ü', 5000) }));

        Assert.Equal(AuditDifference.MaximumLength, difference.After!.Length);
        Assert.EndsWith("ü…", difference.After, StringComparison.Ordinal);
    }
}
