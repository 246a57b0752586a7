using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>What a program can find wrong with a page for people who see, hear, move or think otherwise.</summary>
internal static class Accessibility
{
    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    /// <summary>WCAG 2.2, levels A and AA, and what axe counts as good practice.</summary>
    private const string FindViolations =
        """
        async scheme => {
          const result = await axe.run(document, {
            resultTypes: ['violations'],
            runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
          });
          return result.violations.flatMap(rule =>
            rule.nodes.map(node => `${scheme}: ${rule.id} (${rule.help}): ${node.html} ${node.failureSummary}`));
        }
        """;

    private const string FindOverflow =
        """
        () => {
          const width = document.documentElement.clientWidth;
          const found = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
          for (const element of document.body.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            if (box.width > 1 && !element.closest('.visually-hidden, .skip-link, svg') && (box.right > width + 1 || box.left < -1)) {
              found.push(`${element.outerHTML.slice(0, 120)} reaches from ${box.left} to ${box.right}`);
            }
          }
          return found;
        }
        """;

    /// <summary>WCAG 2.5.8 excuses links within a sentence, and the link that is seen only while it has the focus.</summary>
    private const string FindSmallTargets =
        """
        () => [...document.querySelectorAll('a, button, input, summary, select')]
          .filter(element => !element.closest('.skip-link') && !element.matches('p a:not(.button)'))
          .map(element => [element, element.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && box.height > 0 && (box.width < 24 || box.height < 24))
          .map(([element, box]) => `${element.outerHTML.slice(0, 120)} is ${box.width} by ${box.height}`)
        """;

    public static async Task<IReadOnlyList<string>> FindViolationsAsync(IPage page, IReadOnlyList<ColorScheme> schemes)
    {
        // Run in the page itself and once for all schemes: the pages have no frames, which is what the package's own runner is for.
        await page.EvaluateAsync(AxeScript);
        var found = new List<string>();
        foreach (var scheme in schemes)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            found.AddRange(await page.EvaluateAsync<string[]>(FindViolations, scheme.ToString()));
        }

        return found;
    }

    /// <summary>What reaches beyond a narrow screen, and beyond one with letters twice their size (WCAG 1.4.10, 1.4.4).</summary>
    public static async Task<IReadOnlyList<string>> FindOverflowAsync(IPage page)
    {
        await page.SetViewportSizeAsync(320, 640);
        var narrow = await page.EvaluateAsync<string[]>(FindOverflow);
        await page.SetViewportSizeAsync(640, 640);
        await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        var large = await page.EvaluateAsync<string[]>(FindOverflow);
        await page.EvaluateAsync("() => { document.documentElement.style.fontSize = ''; }");
        return [.. narrow.Select(found => $"At 320 px: {found}"), .. large.Select(found => $"At 200 %: {found}")];
    }

    public static async Task<IReadOnlyList<string>> FindSmallTargetsAsync(IPage page) =>
        [.. (await page.EvaluateAsync<string[]>(FindSmallTargets)).Select(found => $"Too small to hit: {found}")];
}
