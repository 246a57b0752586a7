using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.TrustedDevices;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Recovery;

public sealed class PasswordRecoverySqliteTests() : PasswordRecoveryTests(DatabaseProvider.Sqlite);

public sealed class PasswordRecoveryPostgreSqlTests() : PasswordRecoveryTests(DatabaseProvider.PostgreSql);

public abstract class PasswordRecoveryTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private const string ThirdPassword = "nine-herons-paint-a-barn";

    [Fact]
    public async Task Reset_ByTheMailedLink_ReplacesThePasswordAndEndsWhatTheOldOneOpened()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await TrustADeviceAsync();
        var token = await AskAsync();

        Assert.Equal(new PasswordOwner(Address, "", ""), await RecoveryOf(Host).FindOwnerAsync(Tenant.Id, token, CancellationToken.None));
        Assert.IsType<PasswordResetResult.Done>(await ResetAsync(token, OtherPassword));

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        Assert.Equal(SessionEndReason.PasswordChanged, await ReadAsync(database => database.Sessions.Where(s => s.Id == session).Select(s => s.EndReason).SingleAsync()));
        Assert.Equal(0, await ReadAsync(database => database.TrustedDevices.CountAsync()));
        Assert.Equal("Your password was changed", (await MailsAsync())[^1].Subject);
        Assert.Equal("reset_link", await ReadAsync(database =>
            database.SecurityEvents.Where(e => e.Kind == SecurityEventKind.PasswordChanged).Select(e => e.Reason).SingleAsync()));
    }

    [Fact]
    public async Task Reset_OfAPersonWithASecondFactor_StillAsksForIt()
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        await ResetAsync(await AskAsync(), OtherPassword);

        Assert.Equal(SignInState.SecondFactor, ViewOf(await NewBrowser().SignInAsync(Address, OtherPassword)).State);
    }

    [Fact]
    public async Task Reset_InParallelOnTwoNodes_SucceedsExactlyOnce()
    {
        await GivenAsync();
        var token = await AskAsync();
        var nodes = new[] { Host, AddHost(), Host, AddHost() };

        var results = await Task.WhenAll(nodes.Select((node, index) => Task.Run(() =>
            RecoveryOf(node).ResetAsync(Tenant.Id, token, $"{OtherPassword}-{index}", Browser.Facts, CancellationToken.None))));

        Assert.Single(results.OfType<PasswordResetResult.Done>());
        Assert.Single(await MailsAsync(), mail => mail.Subject == "Your password was changed");
    }

    [Fact]
    public async Task Reset_ASecondTime_IsRefused()
    {
        await GivenAsync();
        var token = await AskAsync();
        await ResetAsync(token, OtherPassword);

        Assert.IsType<PasswordResetResult.LinkInvalid>(await ResetAsync(token, ThirdPassword));
        Assert.Null(await RecoveryOf(Host).FindOwnerAsync(Tenant.Id, token, CancellationToken.None));
    }

    [Fact]
    public async Task Reset_ByALinkThatIsNotTheNewest_IsRefused()
    {
        await GivenAsync();
        var first = await AskAsync();
        var second = await AskAsync();

        Assert.IsType<PasswordResetResult.LinkInvalid>(await ResetAsync(first, OtherPassword));
        Assert.IsType<PasswordResetResult.Done>(await ResetAsync(second, OtherPassword));
    }

    [Fact]
    public async Task Reset_AfterAnHour_IsRefused()
    {
        await GivenAsync();
        var token = await AskAsync();
        Clock.Advance(PasswordRecovery.LinkLifetime);

        Assert.IsType<PasswordResetResult.LinkInvalid>(await ResetAsync(token, OtherPassword));
    }

    [Fact]
    public async Task Reset_WithAPasswordThatMayNotBe_SaysWhyAndLeavesTheLink()
    {
        await GivenAsync();
        var token = await AskAsync();

        Assert.Equal([PasswordProblem.TooShort, PasswordProblem.Common], Assert.IsType<PasswordResetResult.NotAllowed>(await ResetAsync(token, "password")).Problems);
        Assert.IsType<PasswordResetResult.Unchanged>(await ResetAsync(token, RightPassword));
        Assert.IsType<PasswordResetResult.Done>(await ResetAsync(token, OtherPassword));
    }

    [Fact]
    public async Task Reset_AtAnotherTenantOrWithoutAToken_IsRefused()
    {
        await GivenAsync();
        var other = await Host.CreateTenantAsync("globex");
        var token = await AskAsync();

        Assert.IsType<PasswordResetResult.LinkInvalid>(
            await RecoveryOf(Host).ResetAsync(other.Id, token, OtherPassword, Browser.Facts, CancellationToken.None));
        Assert.IsType<PasswordResetResult.LinkInvalid>(await ResetAsync(null, OtherPassword));
        Assert.IsType<PasswordResetResult.LinkInvalid>(await ResetAsync("", OtherPassword));
    }

    [Fact]
    public async Task Reset_OfAPasswordThatWasGuessedAtTooOften_OpensItAgain()
    {
        await GivenAsync();
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            await NewBrowser().SignInAsync(Address, "not-the-password");
        }

        Assert.IsType<SignInOutcome.Throttled>(await NewBrowser().SignInAsync(Address, RightPassword));
        await ResetAsync(await AskAsync(), OtherPassword);

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
    }

    [Fact]
    public async Task Reset_OfAnUnconfirmedAddress_ConfirmsIt()
    {
        await GivenAsync(configure: user => user.EmailConfirmed = false);
        await ResetAsync(await AskAsync(), OtherPassword);

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
    }

    [Fact]
    public async Task Request_ForAnAddressWithoutAnAccount_DoesTheSameAndMailsNobody()
    {
        await GivenAsync();
        await Host.CreateUserAsync(Tenant, "disabled@acme.example", RightPassword, user => user.DisabledAt = Clock.GetUtcNow());

        foreach (var address in (string[])[Address, "nobody@acme.example", "disabled@acme.example"])
        {
            Assert.IsType<PasswordResetRequestResult.Taken>(
                await RecoveryOf(Host).RequestAsync(Tenant.Id, $" {address} ", Browser.Facts, CancellationToken.None));
        }

        Assert.Equal(3, await ReadAsync(database => database.AccountRequests.CountAsync()));
        await AnswerAsync();
        Assert.Equal(0, await ReadAsync(database => database.AccountRequests.CountAsync()));
        Assert.Equal([Address], await ReadAsync(database => database.OutboxMails.Select(mail => mail.Recipient).ToListAsync()));
    }

    [Fact]
    public async Task Request_OfTheSameAddressElsewhere_MailsThePersonOfThatTenantAlone()
    {
        await GivenAsync();
        var other = await Host.CreateTenantAsync("globex");
        await RecoveryOf(Host).RequestAsync(other.Id, Address, Browser.Facts, CancellationToken.None);
        await AnswerAsync();

        Assert.Empty(await MailsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("Ada <ada@acme.example>")]
    public async Task Request_ForWhatIsNoAddress_IsRefused(string? address)
    {
        await GivenAsync();

        Assert.IsType<PasswordResetRequestResult.AddressMalformed>(
            await RecoveryOf(Host).RequestAsync(Tenant.Id, address, Browser.Facts, CancellationToken.None));
    }

    [Fact]
    public async Task Request_ForManyAddressesFromOneNetwork_IsRefusedUntilTheHourIsOver()
    {
        await GivenAsync();
        for (var request = 0; request < PasswordRecovery.RequestsAnHour; request++)
        {
            await RecoveryOf(Host).RequestAsync(Tenant.Id, $"p{request}@acme.example", Browser.Facts, CancellationToken.None);
        }

        Assert.Equal(new PasswordResetRequestResult.Throttled(TimeSpan.FromHours(1)), await AgainAsync());
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<PasswordResetRequestResult.Taken>(await AgainAsync());

        Task<PasswordResetRequestResult> AgainAsync() => RecoveryOf(Host).RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);
    }

    [Fact]
    public async Task Request_MoreThanFiveTimesInAnyHour_MailsFiveTimes()
    {
        await GivenAsync();
        for (var request = 0; request < 8; request++)
        {
            await AskSilentlyAsync();
            Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(5, (await MailsAsync()).Count);

        // The first is an hour old after another twenty minutes; then there is room for one, and for one alone.
        Clock.Advance(TimeSpan.FromMinutes(20));
        await AskSilentlyAsync();
        await AskSilentlyAsync();
        Assert.Equal(6, (await MailsAsync()).Count);
    }

    [Fact]
    public async Task Request_ManyAnsweredByTwoNodesAtOnce_MailsFiveTimesAndLeavesOneLink()
    {
        await GivenAsync();
        var nodes = new[] { Host, AddHost(), AddHost() };
        for (var request = 0; request < 8; request++)
        {
            await RecoveryOf(Host).RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);
        }

        await Task.WhenAll(nodes.Select(node => Task.Run(() => HandlerOf(node).RunOnceAsync(CancellationToken.None))));

        Assert.Equal(5, (await MailsAsync()).Count);
        Assert.Equal(1, await ReadAsync(database => database.OneTimeLinks.CountAsync()));
        Assert.Equal(3, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Reason == "too_many_mails")));
    }

    [Fact]
    public async Task Request_ThatCannotBeAnswered_KeepsNobodyWaiting()
    {
        await GivenAsync();
        var broken = await Host.CreateTenantAsync("globex", configure: tenant => tenant.BrandingRevision = new BrandingRevision
        {
            Id = Guid.CreateVersion7(Clock.GetUtcNow()),
            TenantId = tenant.Id,
            Number = 1,
            Document = Branding.Default with { Light = Branding.Default.Light with { Accent = "no colour" } },
            PublishedAt = Clock.GetUtcNow(),
        });
        await Host.CreateUserAsync(broken, "bob@globex.example", RightPassword);
        await RecoveryOf(Host).RequestAsync(broken.Id, "bob@globex.example", Browser.Facts, CancellationToken.None);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await RecoveryOf(Host).RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);

        await AnswerAsync();

        Assert.Single(await MailsAsync());
        Assert.Equal(0, await ReadAsync(database => database.AccountRequests.IgnoreQueryFilters().CountAsync()));
    }

    [Fact]
    public async Task Request_InALanguage_IsMailedInIt()
    {
        await GivenAsync();
        await RecoveryOf(Host).RequestAsync(Tenant.Id, Address, Browser.Facts with { Language = "de" }, CancellationToken.None);
        await AnswerAsync();

        Assert.Equal("Wählen Sie ein neues Passwort für Tenant acme", Assert.Single(await MailsAsync()).Subject);
    }

    [Fact]
    public async Task Token_Stored_IsNotReadable()
    {
        await GivenAsync();
        var token = await AskAsync();

        Assert.NotEqual(token, await ReadAsync(database => database.OneTimeLinks.Select(link => link.TokenHash).SingleAsync()));
        Assert.Equal(-1, (await ReadAsync(database => database.OutboxMails.Select(mail => mail.ProtectedContent).SingleAsync()))
            .AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(token)));
    }

    private static PasswordRecovery RecoveryOf(CoreHost host) => host.Services.GetRequiredService<PasswordRecovery>();

    private static AccountRequestHandler HandlerOf(CoreHost host) => host.Services.GetRequiredService<AccountRequestHandler>();

    private Task<int> AnswerAsync() => HandlerOf(Host).RunOnceAsync(CancellationToken.None);

    private Task<IReadOnlyList<ReceivedMail>> MailsAsync() => Host.Services.ReadMailsAsync(Address);

    private Task<PasswordResetResult> ResetAsync(string? token, string? password) =>
        RecoveryOf(Host).ResetAsync(Tenant.Id, token, password, Browser.Facts, CancellationToken.None);

    private async Task AskSilentlyAsync()
    {
        await RecoveryOf(Host).RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);
        await AnswerAsync();
    }

    /// <summary>Asks, and reads the token in the newest mail.</summary>
    private async Task<string> AskAsync()
    {
        await AskSilentlyAsync();
        var token = (await MailsAsync())[^1].Token;

        // So that the next mail is a later one.
        Clock.Advance(TimeSpan.FromSeconds(1));
        return token;
    }

    private async Task TrustADeviceAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        var now = Clock.GetUtcNow();
        scope.Database.TrustedDevices.Add(new TrustedDevice
        {
            Id = Guid.CreateVersion7(now), TenantId = Tenant.Id, UserId = User.Id, TokenHash = Secret.Hash(Secret.Create()), DeviceLabel = "",
            CreatedAt = now, LastUsedAt = now, ExpiresAt = now.AddDays(30),
        });
        await scope.Database.SaveChangesAsync();
    }
}
