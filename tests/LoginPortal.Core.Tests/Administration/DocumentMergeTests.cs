using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Administration;

public sealed class DocumentMergeTests
{
    private static readonly TenantDocument Before = new("Acme", new TenantPolicy { TrustedDeviceDays = 30, Languages = ["en", "de"] }, ["https://a.example"]);

    [Fact]
    public void Merge_OfTwoWhoChangedDifferentThings_HasBoth()
    {
        var mine = Before with { DisplayName = "Acme Ltd", Policy = Before.Policy with { SecondFactor = SecondFactorRequirement.Required, SecondFactorRequiredFrom = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) } };
        var theirs = Before with { AllowedOrigins = [], Policy = Before.Policy with { TrustedDeviceDays = 7, Registration = new RegistrationPolicy { IsOpen = true } } };

        var merged = DocumentMerge.Merge(Before, mine, theirs);

        Assert.Equal(("Acme Ltd", 7, true, SecondFactorRequirement.Required), (merged.DisplayName, merged.Policy.TrustedDeviceDays, merged.Policy.Registration.IsOpen, merged.Policy.SecondFactor));
        Assert.Equal(mine.Policy.SecondFactorRequiredFrom, merged.Policy.SecondFactorRequiredFrom);
        Assert.Empty(merged.AllowedOrigins);
    }

    [Fact]
    public void Merge_OfTwoWhoChangedTheSame_HasMine()
    {
        var merged = DocumentMerge.Merge(
            Before,
            Before with { Policy = Before.Policy with { TrustedDeviceDays = 3, Languages = ["de"] } },
            Before with { Policy = Before.Policy with { TrustedDeviceDays = 7, Languages = ["en"] } });

        Assert.Equal(3, merged.Policy.TrustedDeviceDays);
        Assert.Equal(["de"], merged.Policy.Languages);
    }
}
