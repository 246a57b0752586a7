using Bunit;
using LoginPortal.Components.SignIn;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using LoginPortal.Tests.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Components;

/// <summary>The sign-in page in a circuit, over Core and a database.</summary>
public sealed class SignInPageTests : ComponentTests, IAsyncLifetime
{
    private const string Address = "grace@acme.example";
    private const string Password = "seven-otters-read-a-map";
    private const string WrongPassword = "eight-otters-read-a-map";

    private TestDatabase _database = null!;
    private CoreHost _core = null!;

    protected override SignInRunner Runner => _core.Services.GetRequiredService<SignInRunner>();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _core = new CoreHost(_database, Clock);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Page_FirstSeen_AsksWhoIsThere()
    {
        var page = await OpenAsync();

        Assert.Equal("Sign in", page.Find("h1").TextContent);
        Assert.Equal("Use your Tenant acme account.", page.Find(".lead").TextContent);
        Assert.Equal("username webauthn", page.Find("#username").GetAttribute("autocomplete"));
        Assert.Equal("identify", page.Find("input[name=_handler]").GetAttribute("value"));
        Assert.Empty(page.FindAll(".notice, .problem:not([hidden]), #password"));
    }

    [Fact]
    public async Task Address_Given_LeadsToThePasswordAndIntoTheAddressBar()
    {
        var page = await OpenAsync();

        await SubmitAsync(page, "username", Address);

        page.WaitForAssertion(() => Assert.Equal("Enter your password", page.Find("h1").TextContent));
        Assert.Equal(Address, page.Find("bdi").TextContent);
        Assert.Equal("username", page.Find("input[autocomplete=username]").GetAttribute("name"));
        Assert.StartsWith("sign-in?flow=", Services.GetNavigation().History.First().Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("grace")]
    public async Task Address_Malformed_IsRefusedBesideTheField(string address)
    {
        var page = await OpenAsync();

        await SubmitAsync(page, "username", address);

        page.WaitForAssertion(() => Assert.Equal("Enter a whole e-mail address, such as name@example.com.", page.Find("#username-problem").TextContent.Trim()));
        Assert.Equal("true", page.Find("#username").GetAttribute("aria-invalid"));
        Assert.Empty(Services.GetNavigation().History);
    }

    [Theory]
    [InlineData("", "Enter your password.")]
    [InlineData(WrongPassword, "Address and password do not match. Check both, then try again.")]
    public async Task Password_Wrong_IsRefusedAndForgotten(string typed, string expected)
    {
        var page = await OpenAtPasswordAsync();

        await SubmitAsync(page, "password", typed);

        page.WaitForAssertion(() => Assert.Equal(expected, page.Find("#password-problem").TextContent.Trim()));
        Assert.False(page.Find("#password").HasAttribute("value"));
    }

    [Fact]
    public async Task Password_Right_HandsTheTicketToTheBrowser()
    {
        var page = await OpenAtPasswordAsync("sign-in?returnUrl=account");

        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.Equal("session/complete", page.Find("form[data-handoff]").GetAttribute("action")));
        Assert.Equal("account", page.Find("input[name=returnUrl]").GetAttribute("value"));
        Assert.Equal("token", page.Find("input[name=__RequestVerificationToken]").GetAttribute("value"));
        Assert.Contains("You are signed in.", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll("form"));
        var ticket = page.Find("input[name=ticket]").GetAttribute("value");
        await using var scope = _core.OpenTenant(Tenant.Required);
        Assert.Equal(Secret.Hash(ticket!), Assert.Single(scope.Database.HandoffTickets).TicketHash);
    }

    [Fact]
    public async Task Password_WrongTooOften_CountsDownToTheNextTry()
    {
        var page = await OpenAtPasswordAsync();
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            await SubmitAsync(page, "password", $"{WrongPassword}-{attempt}");
            page.WaitForAssertion(() => Assert.Empty(page.FindAll("button[aria-disabled]")));
        }

        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.Equal("Too many tries in a row. Please wait, then try again.", page.Find("#password-problem").TextContent.Trim()));
        Assert.Equal("You can try again in 15 seconds.", page.Find("[aria-live=off]").TextContent);
        Clock.Advance(TimeSpan.FromSeconds(15));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[aria-live=off]")));
        await SubmitAsync(page, "password", Password);
        page.WaitForAssertion(() => Assert.Single(page.FindAll("form[data-handoff]")));
    }

    [Fact]
    public async Task Flow_TooOld_StartsAgainWithTheAddress()
    {
        var page = await OpenAtPasswordAsync();
        Clock.Advance(SignInFlow.Lifetime);

        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.StartsWith("This sign-in took too long", page.Find(".notice").TextContent.Trim(), StringComparison.Ordinal));
        Assert.Equal("Sign in", page.Find("h1").TextContent);
        Assert.Equal(Address, page.Find("#username").GetAttribute("value"));
    }

    [Fact]
    public async Task Flow_OfAnotherBrowser_IsShownAsOver()
    {
        await AddTenantAsync();
        Services.GetNavigation().NavigateTo("sign-in?flow=" + Guid.NewGuid());

        var page = Render<SignInPage>();

        Assert.Contains("This sign-in took too long", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#password"));
    }

    [Fact]
    public async Task Person_WhoMustChangeThePassword_DoesSoAndIsSignedIn()
    {
        var page = await OpenAtPasswordAsync(user: user => user.PasswordChangeRequired = true);
        await SubmitAsync(page, "password", Password);
        page.WaitForAssertion(() => Assert.Equal("Choose a new password", page.Find("h1").TextContent));

        await SubmitAsync(page, "new-password", "short");
        page.WaitForAssertion(() => Assert.Equal("It is too short.", page.Find("#new-password-problem").TextContent.Trim()));
        await SubmitAsync(page, "new-password", Password);
        page.WaitForAssertion(() => Assert.Equal("That is your present password. Choose a new one.", page.Find("#new-password-problem").TextContent.Trim()));
        await SubmitAsync(page, "new-password", "nine-herons-paint-a-barn");

        page.WaitForAssertion(() => Assert.Single(page.FindAll("form[data-handoff]")));
    }

    [Fact]
    public async Task Person_WhoseAddressIsNotVerified_IsToldWhatToDo()
    {
        var page = await OpenAtPasswordAsync(user: user => user.EmailConfirmed = false);

        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.Equal("Confirm your address", page.Find("h1").TextContent));
        Assert.Contains(Address, page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Equal("sign-in", page.Find("a.button").GetAttribute("href"));
        Assert.Equal(["I have confirmed it", "Send a new message"], page.FindAll("form button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public async Task Person_WhoNeedsASecondFactor_SetsOneUp()
    {
        var page = await OpenAtPasswordAsync(policy: new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });

        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.Equal("Set up a second factor", page.Find("h1").TextContent));
        Assert.Equal(["passkey", "totp-confirmation"], page.FindAll("input[name=_handler]").Select(field => field.GetAttribute("value")));
        Assert.Single(page.FindAll("[role=img] svg"));
        await SubmitAsync(page, "code", "000000");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("#code-problem")));
    }

    [Fact]
    public async Task OnePage_OfATenantThatWantsIt_AsksForBothAndSignsIn()
    {
        var page = await OpenAsync(policy: new TenantPolicy { Identification = IdentificationLayout.OnePage, AllowRememberedSessions = false });
        Assert.Equal("sign-in", page.Find("input[name=_handler]").GetAttribute("value"));
        Assert.Empty(page.FindAll("#remember"));

        page.Find("#username").Change(Address);
        await SubmitAsync(page, "password", WrongPassword);
        page.WaitForAssertion(() => Assert.Equal("Address and password do not match. Check both, then try again.", page.Find("#password-problem").TextContent.Trim()));
        await SubmitAsync(page, "password", Password);

        page.WaitForAssertion(() => Assert.Single(page.FindAll("form[data-handoff]")));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Words_OfEachState_ComeFromTheTexts(string language)
    {
        Visit.Page = Visit.Page with { CultureName = language };
        var page = await OpenAtPasswordAsync(
            user: user => user.PasswordChangeRequired = true, branding: new Core.Tenants.Branding { Texts = VisibleWords.Marked });
        AssertMarked(page);
        await SubmitAsync(page, "password", WrongPassword);
        page.WaitForAssertion(() => Assert.Single(page.FindAll("#password-problem")));
        AssertMarked(page);
        await SubmitAsync(page, "password", Password);
        page.WaitForAssertion(() => Assert.Single(page.FindAll("#new-password")));
        page.Find("#new-password").Input("short");
        AssertMarked(page);
        await SubmitAsync(page, "new-password", "nine-herons-paint-a-barn");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("form[data-handoff]")));
        AssertMarked(page);
    }

    private static void AssertMarked(IRenderedComponent<SignInPage> page) =>
        Assert.DoesNotContain(VisibleWords.Unmarked(page.Nodes), words => words != Address);

    /// <summary>Between two renders: a countdown draws the page anew each second.</summary>
    private static Task SubmitAsync(IRenderedComponent<SignInPage> page, string field, string value) => page.InvokeAsync(() =>
    {
        var input = page.Find("#" + field);
        if (field == "new-password")
        {
            // Judged while it is typed.
            input.Input(value);
        }
        else
        {
            input.Change(value);
        }

        page.FindAll("form").Single(form => form.QuerySelector("#" + field) is not null).Submit();
    });

    private async Task AddTenantAsync(TenantPolicy? policy = null, Action<PortalUser>? user = null, Core.Tenants.Branding? branding = null)
    {
        var tenant = await _core.CreateTenantAsync("acme", policy);
        await _core.CreateUserAsync(tenant, Address, Password, user);
        Tenant.Set(branding is null ? tenant : tenant with { Branding = branding });
    }

    private async Task<IRenderedComponent<SignInPage>> OpenAsync(
        string address = "sign-in", TenantPolicy? policy = null, Action<PortalUser>? user = null, Core.Tenants.Branding? branding = null)
    {
        await AddTenantAsync(policy, user, branding);
        if (address != "sign-in")
        {
            Services.GetNavigation().NavigateTo(address);
        }

        return Render<SignInPage>();
    }

    private async Task<IRenderedComponent<SignInPage>> OpenAtPasswordAsync(
        string address = "sign-in", TenantPolicy? policy = null, Action<PortalUser>? user = null, Core.Tenants.Branding? branding = null)
    {
        var page = await OpenAsync(address, policy, user, branding);
        await SubmitAsync(page, "username", Address);
        page.WaitForAssertion(() => Assert.Single(page.FindAll("#password")));
        return page;
    }
}
