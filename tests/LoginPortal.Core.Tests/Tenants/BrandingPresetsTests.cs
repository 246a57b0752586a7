using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class BrandingPresetsTests
{
    private static readonly Dictionary<string, string> NoAssets = [];

    public static TheoryData<string> Names => [.. BrandingPresets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Preset_Applied_CanBePublishedInLightAndDark(string name)
    {
        var preset = BrandingPresets.All.Single(candidate => candidate.Name == name);
        var branding = Branding.Default with { SenderName = "Acme", TermsLink = new Uri("https://acme.example/terms"), ColorScheme = ColorScheme.Dark };

        var applied = preset.ApplyTo(branding);

        Assert.Empty(BrandingRules.Find(applied, NoAssets));
        Assert.Equal((ColorScheme.Auto, "Acme", branding.TermsLink), (applied.ColorScheme, applied.SenderName, applied.TermsLink));
    }

    [Fact]
    public void Presets_Together_AreManyAndDifferent()
    {
        Assert.InRange(BrandingPresets.All.Count, 6, 20);
        Assert.Equal(BrandingPresets.All.Count, BrandingPresets.All.Select(preset => (preset.Light, preset.Dark)).Distinct().Count());
    }
}
