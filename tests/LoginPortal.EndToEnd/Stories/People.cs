using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Administrators find people, bring them in and help them.</summary>
public sealed class People(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    [Fact]
    public async Task Import_OfFiveHundred_IsTriedOutCorrectedWatchedAndFound()
    {
        await Portal.AddTenantAsync("many");
        await Portal.AddUserAsync("many", "admin@many.example", user => user.Role = PortalRole.TenantAdministrator);
        var tab = (await (await ArriveAsync()).SignInAsync("admin@many.example", "many")).Tab;
        await tab.GoToAsync("/t/many/admin/people/import");
        var page = (await new MessagePage(tab, "Import.Title").ShownAsync()).Page;

        await Expect(page.Locator("#people-file")).ToBeEnabledAsync();

        // What is no table is told so, and nothing is lost.
        await page.Locator("#people-file").SetInputFilesAsync(File("people.xlsx", "PK\u0003\u0004\0\0"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Save the table as “CSV UTF-8”");

        var text = new StringBuilder("\uFEFFemail;given_name;family_name;role\r\n");
        for (var number = 0; number < 500; number++)
        {
            text.Append(number switch { 99 => "=nobody;;;", 199 => "person000@many.example;;;", 299 => "person299@many.example;;;emperor", _ => $"person{number:000}@many.example;Given{number:000};Family{number:000};" }).Append("\r\n");
        }

        await page.Locator("#people-file").SetInputFilesAsync(File("people.csv", text.ToString()));
        await Expect(page.Locator(".counts dd")).ToHaveTextAsync(["497", "0", "3"]);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the wrong rows" }).ClickAsync());
        var wrong = await System.IO.File.ReadAllLinesAsync((await download.PathAsync())!);
        Assert.Equal("email,given_name,family_name,role,language,line,problem", wrong[0]);
        Assert.Equal("\"'=nobody\",,,,,101,This is not an e-mail address.", wrong[1]);
        Assert.Equal(4, wrong.Length);

        await page.GetByRole(AriaRole.Button, new() { Name = "Import 497 people" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Done: 497 accounts were made.", new() { Timeout = 60_000 });
        Assert.Equal(498, await Portal.InTenantAsync("many", (services, _) => Database(services).Users.CountAsync()));
        Assert.Single(await Portal.ReadMailsAsync("person123@many.example"));

        // The newcomer goes for one of them.
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the newest people" }).ClickAsync();
        await page.GetByLabel("Name or address").FillAsync("family4");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("100 people", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await page.WaitForURLAsync("**from=**");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Given437 Family437" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Given437 Family437");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(page.Locator(".outcome")).ToContainTextAsync("The account of person437@many.example is disabled.");
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "person437@" }).GetByText("Disabled")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Administrator_WhoIsDemotedOrStaleWhileAPageIsOpen_IsRefusedAtTheNextClickAndLosesNothing()
    {
        await Portal.AddUserAsync("acme", "boss@acme.example", user => user.Role = PortalRole.TenantAdministrator);
        var visitor = await ArriveAsync();
        visitor.Provoke("403");
        var tab = (await visitor.SignInAsync("boss@acme.example")).Tab;
        await tab.GoToAsync("/t/acme/admin/people/new");
        var page = (await new MessagePage(tab, "People.Create").ShownAsync()).Page;
        await page.GetByLabel("E-mail address").FillAsync("new@acme.example");
        await page.GetByLabel("Given name").FillAsync("Nia");
        await Portal.ChangeAsync("acme", async (database, _) =>
            (await database.Sessions.SingleAsync(session => session.User!.Email == "boss@acme.example")).AuthenticatedAt -= TimeSpan.FromHours(2));

        await page.GetByRole(AriaRole.Button, new() { Name = "Create and send mail" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This was not done");
        await Expect(page.GetByLabel("Given name")).ToHaveValueAsync("Nia");
        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).ClickAsync();
        await (await new SignInPage(tab).ShownAsync()).ContinueAsync("boss@acme.example");
        await page.Locator("input[type=password]").FillAsync(Core.Setup.DemoData.Password);
        await page.Keyboard.PressAsync("Enter");
        await new MessagePage(tab, "People.Create").ShownAsync();
        await Expect(page.GetByLabel("Given name")).ToHaveValueAsync("Nia");
        await Expect(page.GetByLabel("E-mail address")).ToHaveValueAsync("new@acme.example");

        await Portal.ChangeAsync("acme", async (database, _) =>
            (await database.Users.SingleAsync(user => user.Email == "boss@acme.example")).Role = PortalRole.Member);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and send mail" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(tab.Word("Status.403.Title"));
        Assert.False(await Portal.InTenantAsync("acme", (services, _) => Database(services).Users.AnyAsync(user => user.Email == "new@acme.example")));
    }

    private static FilePayload File(string name, string text) => new() { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };

    private static Core.Data.PortalDbContext Database(IServiceProvider services) => (Core.Data.PortalDbContext)services.GetService(typeof(Core.Data.PortalDbContext))!;
}
