using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The portal's own address: which organisation?</summary>
public sealed class FindPage(Tab tab) : PortalPage(tab)
{
    public ILocator OrganisationField => Field("Find.Label");

    protected override ILocator Landmark => OrganisationField;

    protected override bool OffersCircuit => false;

    public async Task<SignInPage> FindAsync(string organisation)
    {
        await OrganisationField.FillAsync(organisation);
        await Button("Find.Submit").ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }

    public async Task<FindPage> FindMalformedAsync(string organisation)
    {
        await OrganisationField.FillAsync(organisation);
        await Button("Find.Submit").ClickAsync();
        await Expect(OrganisationField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
