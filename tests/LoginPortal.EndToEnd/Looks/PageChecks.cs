using System.Globalization;
using LoginPortal.EndToEnd.Fixtures;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>Everything that the portal can show, in every look and language, looked at by a program.</summary>
public abstract class PageChecks(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit)
{
    public static TheoryData<string, string> StatesOf(string look, bool duringMaintenance)
    {
        var data = new TheoryData<string, string>();
        foreach (var state in PageStates.All.Where(state => state.Looks.Contains(look) && state.DuringMaintenance == duringMaintenance))
        {
            // The look that comes first shows what longer words do to a page, the others show it in English; a page of one look is checked in both.
            var isFirst = state.Looks[0] == look;
            if (isFirst)
            {
                data.Add(state.Name, "de");
            }

            if (!isFirst || state.Looks.Count == 1)
            {
                data.Add(state.Name, "en");
            }
        }

        return data;
    }

    protected async Task CheckAsync(string stateName, string lookName, string language)
    {
        var look = Look.Named(lookName);
        var state = PageStates.All.Single(candidate => candidate.Name == stateName);
        Provoke("A bug.");
        var visitor = await ArriveAsync(options => options.Locale = language);
        if (state.Status is { } status)
        {
            visitor.Provoke(string.Create(CultureInfo.InvariantCulture, $"status of {status}"));
        }

        var page = (await state.OpenAsync(visitor, look)).Page;

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        var found = new List<string>(await Accessibility.FindSmallTargetsAsync(page));
        found.AddRange(await Accessibility.FindViolationsAsync(page, look.Schemes));
        found.AddRange(await Accessibility.FindOverflowAsync(page));
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    public sealed class OfAcme(Portal portal, Chromium chromium) : PageChecks(portal, chromium), IClassFixture<Portal>
    {
        [Theory]
        [MemberData(nameof(StatesOf), "acme", false)]
        public Task Page_Shown_IsForEverybody(string state, string language) => CheckAsync(state, "acme", language);
    }

    public sealed class OfGlobex(Portal portal, Chromium chromium) : PageChecks(portal, chromium), IClassFixture<Portal>
    {
        [Theory]
        [MemberData(nameof(StatesOf), "globex", false)]
        public Task Page_Shown_IsForEverybody(string state, string language) => CheckAsync(state, "globex", language);
    }

    public sealed class OfPlatform(Portal portal, Chromium chromium) : PageChecks(portal, chromium), IClassFixture<Portal>
    {
        [Theory]
        [MemberData(nameof(StatesOf), "platform", false)]
        public Task Page_Shown_IsForEverybody(string state, string language) => CheckAsync(state, "platform", language);
    }

    public sealed class DuringMaintenance(MaintainedPortal portal, Chromium chromium)
        : PageChecks(portal, chromium), IClassFixture<MaintainedPortal>
    {
        [Theory]
        [MemberData(nameof(StatesOf), "acme", true)]
        public Task Page_OfAcme_IsForEverybody(string state, string language) => CheckAsync(state, "acme", language);

        [Theory]
        [MemberData(nameof(StatesOf), "globex", true)]
        public Task Page_OfGlobex_IsForEverybody(string state, string language) => CheckAsync(state, "globex", language);

        [Theory]
        [MemberData(nameof(StatesOf), "platform", true)]
        public Task Page_OfPlatform_IsForEverybody(string state, string language) => CheckAsync(state, "platform", language);
    }
}
