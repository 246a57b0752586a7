using System.Net;
using System.Text.RegularExpressions;
using LoginPortal.Core.SignIn;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>What comes over the wire for an account that may not sign in is, byte for byte, what comes for a wrong password.</summary>
public sealed partial class SameAnswerTests : PortalTests
{
    // Of one length, so that not even the length of what is protected may differ.
    private const string Known = "known-one@acme.example";
    private const string Unknown = "nobody-at@acme.example";
    private const string Locked = "locked-up@acme.example";
    private const string Disabled = "disabled1@acme.example";
    private const string Elsewhere = "elsewhere@acme.example";
    private const string Unverified = "unchecked@acme.example";
    private const string WrongPassword = "green-kettle-walks-at-dawn";

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
        await _portal.AddUserAsync("acme", Known);
        await _portal.AddUserAsync("acme", Locked);
        await _portal.AddUserAsync("acme", Disabled, user => user.DisabledAt = Clock.GetUtcNow());
        await _portal.AddUserAsync("acme", Unverified, user => user.EmailConfirmed = false);
        await _portal.AddUserAsync("globex", Elsewhere);
        await _portal.InTenantAsync("acme", async database =>
        {
            database.AttemptCounters.Add(new AttemptCounter
            {
                TenantId = database.Tenants.Single(tenant => tenant.Slug == "acme").Id,
                Factor = AttemptFactor.Password,
                Subject = AttemptReservations.SubjectOf(Locked),
                Failures = AttemptReservations.EndedAt,
                LastAttemptAt = Clock.GetUtcNow(),
            });
            await database.SaveChangesAsync();
        });
    }

    [Theory]
    [InlineData(Unknown, Portal.Password)]
    [InlineData(Locked, Portal.Password)]
    [InlineData(Disabled, Portal.Password)]
    [InlineData(Elsewhere, Portal.Password)]
    [InlineData(Unverified, WrongPassword)]
    public async Task SignIn_AccountThatMayNot_IsAnsweredAsAWrongPassword(string address, string password)
    {
        var expected = await AnswersAsync(Known, WrongPassword);
        var actual = await AnswersAsync(address, password);

        Assert.Equal(expected, actual);
        Assert.Contains("Address and password do not match.", expected[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData(Disabled)]
    [InlineData(Elsewhere)]
    public async Task SignIn_TooManyWrongPasswords_IsAnsweredAlikeForAKnownAndAnUnknownAddress(string address)
    {
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            var expected = await AnswersAsync(Known, WrongPassword);
            var actual = await AnswersAsync(address, Portal.Password);

            Assert.Equal(expected, actual);
            Assert.Equal(attempt > AttemptReservations.FreeAttempts, expected[^1].Contains("Too many tries in a row.", StringComparison.Ordinal));
            Assert.Equal(attempt > AttemptReservations.FreeAttempts, expected[^1].Contains("Retry-After: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData(Locked)]
    [InlineData(Disabled)]
    [InlineData(Elsewhere)]
    [InlineData(Unverified)]
    public async Task ForgotPassword_AnyAddress_IsAnsweredAlikeAndWithTheSameWork(string address)
    {
        var expected = await AskedAsync(Known);
        var actual = await AskedAsync(address);

        Assert.Equal(expected, actual);
        Assert.Contains("If there is an account with that address", expected[^1], StringComparison.Ordinal);
        await _portal.InTenantAsync("acme", async database => Assert.Equal(
            [Known, address], await database.AccountRequests.OrderBy(request => request.Address == address).Select(request => request.Address).ToListAsync()));
    }

    /// <summary>Everything that comes back to the wish for a new password.</summary>
    private async Task<List<string>> AskedAsync(string address)
    {
        using var browser = _portal.OpenBrowser();
        await browser.PostAsync((await browser.GetAsync("/t/acme/forgot-password")).Form("forgot-password").With("username", address));
        return await AnswersOfAsync(browser, address);
    }

    /// <summary>Everything that comes back, from the first page to the refusal, without what is random in it.</summary>
    private async Task<List<string>> AnswersAsync(string address, string password)
    {
        using var browser = _portal.OpenBrowser();
        var identified = await browser.IdentifyAsync("acme", address);
        await browser.EnterPasswordAsync(identified, password);
        return await AnswersOfAsync(browser, address);
    }

    private static async Task<List<string>> AnswersOfAsync(Browser browser, string address)
    {
        var answers = new List<string>();
        foreach (var response in browser.Responses)
        {
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect or HttpStatusCode.SeeOther, response.ToString());
            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");

            // Protected values are Base64, and how often that has a plus sign to be escaped is chance.
            // What a redirect says beside its address no browser shows, and how far the page had been drawn by then is chance too.
            var body = response.StatusCode == HttpStatusCode.Redirect ? "" : (await response.Content.ReadAsStringAsync())
                .Replace("&#x2B;", "+", StringComparison.Ordinal)
                .Replace("\\u002B", "+", StringComparison.Ordinal);
            answers.Add(Mask($"{(int)response.StatusCode} {body.Length}\n{string.Join('\n', headers)}\n{body}", address));
        }

        return answers;
    }

    private static string Mask(string text, string address)
    {
        text = text.Replace(address, "{address}", StringComparison.Ordinal);
        text = text.Replace(Uri.EscapeDataString(address), "{address}", StringComparison.Ordinal);
        text = BindingCookie().Replace(text, "$1{binding}");
        text = Protected().Replace(text, "{protected}");
        text = PrerenderId().Replace(text, "{id}");
        return Identifier().Replace(text, "{guid}");
    }

    [GeneratedRegex(@"CfDJ8[\w+/=%-]*")]
    private static partial Regex Protected();

    [GeneratedRegex(@"(__Host-portal\.browser\.acme=)[^;]+")]
    private static partial Regex BindingCookie();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"(?<=""prerenderId"":"")[0-9a-f]{32}")]
    private static partial Regex PrerenderId();
}
