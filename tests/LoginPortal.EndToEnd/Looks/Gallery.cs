using System.Globalization;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.Testing;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>Draws everything that the portal can show, wide and narrow, in each look; a few pages in German too.</summary>
internal static class Gallery
{
    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (390, 844)];

    private static readonly HashSet<string> AlsoInGerman = new(StringComparer.Ordinal)
    {
        "sign-in-address", "sign-in-password-wrong", "password-change-refused", "home", "not-found",
    };

    /// <summary>Draws the pictures whose names contain <paramref name="filter"/>, such as <c>sign-in-address.acme.1280.light</c>.</summary>
    /// <returns>The exit code: 0, or 1 if a page could not be drawn or there is none of that name.</returns>
    public static async Task<int> DrawAsync(string folder, string filter)
    {
        Directory.CreateDirectory(folder);
        await using var templates = new DatabaseTemplates();
        await using var chromium = new Chromium();
        await chromium.InitializeAsync();
        await using var portal = new Portal();
        await portal.InitializeAsync();
        await using var maintained = new MaintainedPortal();
        await maintained.InitializeAsync();

        var (drawn, failed) = (0, 0);
        foreach (var state in PageStates.All)
        {
            foreach (var look in state.Looks.Select(Look.Named))
            {
                foreach (var language in AlsoInGerman.Contains(state.Name) ? (string[])["en", "de"] : ["en"])
                {
                    var pictures = NamesOf(state, look, language).Where(picture => picture.Name.Contains(filter, StringComparison.Ordinal)).ToList();
                    if (pictures.Count == 0)
                    {
                        continue;
                    }

                    try
                    {
                        await DrawAsync(chromium, state.DuringMaintenance ? maintained : portal, state, look, language, pictures, folder);
                        drawn += pictures.Count;
                    }
                    catch (Exception exception) when (exception is PlaywrightException or TimeoutException)
                    {
                        failed++;
                        await Console.Error.WriteLineAsync($"{state.Name}.{look.Name}: {exception.Message}");
                    }
                }
            }
        }

        await Console.Out.WriteLineAsync($"{drawn} pictures in {Path.GetFullPath(folder)}, {failed} pages failed");
        return drawn > 0 && failed == 0 ? 0 : 1;
    }

    private static async Task DrawAsync(
        Chromium chromium, Portal portal, PageState state, Look look, string language, IReadOnlyList<Picture> pictures, string folder)
    {
        await using var visitor = await Visitor.ArriveAsync(chromium, portal, Way.InCircuit, options => options.Locale = language);
        var page = (await state.OpenAsync(visitor, look)).Page;
        foreach (var (name, (width, height), scheme) in pictures)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.SetViewportSizeAsync(width, height);
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"{name}.png"),
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
            });
        }
    }

    private static IEnumerable<Picture> NamesOf(PageState state, Look look, string language) =>
        from size in Sizes
        from scheme in look.Schemes
        let tenant = language == "en" ? look.Name : $"{look.Name}-{language}"
        let shade = scheme == ColorScheme.Dark ? "dark" : "light"
        select new Picture(
            string.Create(CultureInfo.InvariantCulture, $"{state.Name}.{tenant}.{size.Width}.{shade}"), size, scheme);

    private sealed record Picture(string Name, (int Width, int Height) Size, ColorScheme Scheme);
}
