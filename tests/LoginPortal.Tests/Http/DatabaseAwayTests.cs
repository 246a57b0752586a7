using System.Net;
using LoginPortal.Tests.Hosts;
using Microsoft.Data.Sqlite;

namespace LoginPortal.Tests.Http;

/// <summary>The database is away for a while, then back.</summary>
public sealed class DatabaseAwayTests : PortalTests
{
    private Portal _portal = null!;
    private string _file = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();

        // An open file goes on working wherever it is moved: without a pool each request opens it anew.
        _portal = Start(new PortalSettings
        {
            Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Portal"] = $"{Database.ConnectionString};Pooling=False" },
        });
        _file = new SqliteConnectionStringBuilder(Database.ConnectionString).DataSource;
    }

    public override ValueTask DisposeAsync()
    {
        BringBack();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("/t/acme/sign-in")]
    [InlineData("/t/acme/")]
    [InlineData("/t/acme/brand/00000000-0000-0000-0000-000000000001.css")]
    public async Task Page_WhileTheDatabaseIsAway_IsUnavailableAndHeals(string address)
    {
        using var browser = _portal.OpenBrowser();
        var before = await browser.GetAsync(address);
        TakeAway();

        var page = await browser.GetAsync(address);

        AssertUnavailable(page);
        BringBack();
        Assert.Equal(before.Status, (await browser.GetAsync(address)).Status);
    }

    [Fact]
    public async Task Password_PostedWhileTheDatabaseIsAway_WorksWhenItIsPostedAgain()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.IdentifyAsync("acme", "user@acme.example")).Form("password").With("password", Portal.Password);
        TakeAway();

        AssertUnavailable(await browser.PostAsync(form, follow: false));

        BringBack();
        Assert.Equal("Hello, Uma User", (await browser.PostAsync(form)).Heading);
    }

    [Fact]
    public async Task SignedInPerson_WhoComesBackAfterTheDatabaseDid_IsStillSignedIn()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        TakeAway();

        AssertUnavailable(await browser.GetAsync("/t/acme/"));

        BringBack();
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Health_WhileTheDatabaseIsAway_IsLiveButNotReady()
    {
        using var browser = _portal.OpenBrowser();
        TakeAway();

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/health/ready")).Status);

        BringBack();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task StaticFile_WhileTheDatabaseIsAway_IsServed()
    {
        using var browser = _portal.OpenBrowser();
        TakeAway();

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/t/acme/css/portal.css")).Status);
    }

    private static void AssertUnavailable(Page page)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "We will be back shortly"), (page.Status, page.Heading));
        Assert.Equal("30", page.Header("Retry-After"));
        Assert.DoesNotContain("SQLite", page.Body, StringComparison.OrdinalIgnoreCase);
        SecurityHeadersTests.AssertProtected(page);
    }

    /// <summary>Where the file was there is a folder then, which no SQLite opens.</summary>
    private void TakeAway()
    {
        File.Move(_file, _file + ".away");
        Directory.CreateDirectory(_file);
    }

    private void BringBack()
    {
        if (Directory.Exists(_file))
        {
            Directory.Delete(_file);
            File.Move(_file + ".away", _file);
        }
    }
}
