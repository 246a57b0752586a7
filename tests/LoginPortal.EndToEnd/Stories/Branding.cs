using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Looks;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using ColorScheme = Microsoft.Playwright.ColorScheme;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>An administrator gives a tenant its look, and others see it.</summary>
public sealed class Branding(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    [Fact]
    public async Task Branding_FromNothing_IsPreviewedPublishedSeenSignedOutAndRolledBack()
    {
        await Portal.AddTenantAsync("fresh", model: TenantSlug.Platform);
        await Portal.AddUserAsync("fresh", "admin@fresh.example", user => user.Role = PortalRole.TenantAdministrator);
        var tab = (await (await AdministratorAsync()).SignInAsync("admin@fresh.example", "fresh")).Tab;
        await tab.GoToAsync("/t/fresh/admin/branding");
        var page = (await new MessagePage(tab, "Administration.Branding.Title").ShownAsync()).Page;

        // What could do harm is refused in words; what is taken is seen in the frame, and by nobody else.
        await page.GetByText("Logo and icon", new() { Exact = true }).ClickAsync();
        var logo = page.Locator("#logoLight");
        await logo.SetInputFilesAsync(Drawing("<rect width='100' height='30' onclick='alert(1)'/>"));
        await Expect(page.Locator("#logoLight-problem")).ToHaveTextAsync("Line 1: the attribute onclick is not allowed in a drawing.");
        await Expect(logo).ToBeFocusedAsync();
        await logo.SetInputFilesAsync(Drawing("<rect width='100' height='30' fill='#123456'/>"));
        await Expect(page.FrameLocator("iframe").Locator(".brand-logo")).ToBeVisibleAsync();
        var address = await page.Locator(".studio-picture").First.EvaluateAsync<string>("picture => picture.src");
        Assert.Equal(404, (await (await (await ArriveAsync()).OpenTabAsync()).Page.APIRequest.GetAsync(address)).Status);
        await page.GetByRole(AriaRole.Button, new() { Name = "Forest", Exact = true }).ClickAsync();
        await Expect(page.Locator("[id='light.canvas']")).ToHaveValueAsync("#f2f6ef");
        var accent = page.Locator("[id='light.accent']");
        await accent.FillAsync("#ffd400");
        await accent.BlurAsync();

        // A colour that cannot be read, and the nearest that can.
        await page.Locator(".studio-color").Filter(new() { Has = accent }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(accent).Not.ToHaveValueAsync("#ffd400");
        await Expect(page.Locator(".studio .problem")).ToHaveCountAsync(0);
        var color = await accent.InputValueAsync();
        await page.GetByText("Words", new() { Exact = true }).ClickAsync();
        var welcome = page.Locator("[id='texts.en.SignIn.Welcome']");
        await welcome.FillAsync("Come <b>in</b>");
        await welcome.BlurAsync();
        var frame = page.FrameLocator("iframe");
        await Expect(frame.GetByRole(AriaRole.Heading, new() { Name = "Come <b>in</b>" })).ToBeVisibleAsync();
        await Expect(frame.Locator("button[type=submit]").First).ToHaveCSSAsync("background-color", Rgb(color));
        var outsider = await (await ArriveAsync()).OpenSignInAsync("fresh");
        await Expect(outsider.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToContainTextAsync("Come");

        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(page.Locator(".studio-bar").GetByRole(AriaRole.Status)).ToContainTextAsync("Published.");

        await outsider.Page.ReloadAsync();
        await Expect(outsider.Page.GetByRole(AriaRole.Heading, new() { Name = "Come <b>in</b>" })).ToBeVisibleAsync();
        Assert.Equal(100, await outsider.Page.Locator(".brand-logo").EvaluateAsync<int>("picture => picture.naturalWidth"));
        await Expect(outsider.Page.Locator("main button[type=submit]").First).ToHaveCSSAsync("background-color", Rgb(color));
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard draft" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await accent.FillAsync("#5533cc");
        await accent.BlurAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(page.Locator(".studio-bar").GetByRole(AriaRole.Status)).ToContainTextAsync("Published.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Revisions" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "What changed" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "light.accent" })).ToContainTextAsync("#5533cc");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to this" }).First.ClickAsync();
        await Expect(page.GetByText("has been published anew.")).ToBeVisibleAsync();

        await outsider.Page.ReloadAsync();
        await Expect(outsider.Page.Locator("main button[type=submit]").First).ToHaveCSSAsync("background-color", Rgb(color));
    }

    [Fact]
    public async Task Preset_Published_IsForEverybody()
    {
        await Portal.AddTenantAsync("presets", model: TenantSlug.Platform, policy: new TenantPolicy { Registration = new RegistrationPolicy { IsOpen = true } });
        var tab = await (await ArriveAsync()).OpenTabAsync();
        foreach (var preset in BrandingPresets.All)
        {
            await Portal.ChangeAsync("presets", async (database, profile) =>
            {
                var tenant = await database.Tenants.SingleAsync(candidate => candidate.Id == profile.Id);
                var now = Portal.Clock.GetUtcNow();
                tenant.BrandingRevision = new BrandingRevision
                {
                    Id = Guid.CreateVersion7(now), TenantId = tenant.Id, Number = BrandingPresets.All.ToList().IndexOf(preset) + 1,
                    Document = preset.ApplyTo(Core.Tenants.Branding.Default), PublishedAt = now,
                };
            });
            foreach (var address in (string[])["sign-in", "register", "forgot-password", "verify-address?token=unknown"])
            {
                await tab.GoToAsync($"/t/presets/{address}");

                var found = await Accessibility.FindViolationsAsync(tab.Page, [ColorScheme.Light, ColorScheme.Dark]);

                Assert.True(found.Count == 0, $"{preset.Name} at {address}: {string.Join(Environment.NewLine, found)}");
            }
        }
    }

    [Fact]
    public async Task Branding_OfTwoAdministratorsAtOnce_AsksTheSecond()
    {
        await Portal.AddTenantAsync("two");
        var pages = new List<IPage>();
        foreach (var name in (string[])["one", "other"])
        {
            await Portal.AddUserAsync("two", $"{name}@two.example", user => user.Role = PortalRole.TenantAdministrator);
            var tab = (await (await AdministratorAsync()).SignInAsync($"{name}@two.example", "two")).Tab;
            await tab.GoToAsync("/t/two/admin/branding");
            pages.Add((await new MessagePage(tab, "Administration.Branding.Title").ShownAsync()).Page);
        }

        await SetAsync(pages[0], "#5533cc");
        await Expect(pages[0].Locator(".studio-bar").GetByRole(AriaRole.Status)).ToContainTextAsync("Draft, saved by");
        await SetAsync(pages[1], "#993300");

        await Expect(pages[1].GetByRole(AriaRole.Alert)).ToContainTextAsync("has changed the draft in the meantime");
        await Expect(pages[1].GetByRole(AriaRole.Button, new() { Name = "Publish" })).ToBeDisabledAsync();
        await pages[1].GetByRole(AriaRole.Button, new() { Name = "Go on with theirs" }).ClickAsync();
        await Expect(pages[1].Locator("[id='light.accent']")).ToHaveValueAsync("#5533cc");
    }

    /// <summary>The page in the studio's frame would take the focus, and may not: the browser says so.</summary>
    private async Task<Visitor> AdministratorAsync()
    {
        var visitor = await ArriveAsync();
        visitor.Provoke("Blocked autofocusing");
        return visitor;
    }

    private static FilePayload Drawing(string inside) => new()
    {
        Name = "logo.svg", MimeType = "image/svg+xml",
        Buffer = System.Text.Encoding.UTF8.GetBytes($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 30' width='100' height='30'>{inside}</svg>"),
    };

    private static async Task SetAsync(IPage page, string color)
    {
        await page.Locator("[id='light.accent']").FillAsync(color);
        await page.Locator("[id='light.accent']").BlurAsync();
    }

    private static string Rgb(string color) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"rgb({Convert.ToInt32(color[1..3], 16)}, {Convert.ToInt32(color[3..5], 16)}, {Convert.ToInt32(color[5..7], 16)})");
}
