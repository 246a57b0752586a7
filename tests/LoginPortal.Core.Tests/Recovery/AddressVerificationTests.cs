using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Recovery;

public sealed class AddressVerificationSqliteTests() : AddressVerificationTests(DatabaseProvider.Sqlite);

public sealed class AddressVerificationPostgreSqlTests() : AddressVerificationTests(DatabaseProvider.PostgreSql);

public abstract class AddressVerificationTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private AddressVerification Verification => Host.Services.GetRequiredService<AddressVerification>();

    [Fact]
    public async Task SignIn_UnconfirmedAddress_IsMailedALinkAndGoesOnOnceItIsConfirmed()
    {
        var browser = await WaitingAsync();
        var mail = Assert.Single(await MailsAsync());
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await browser.AdvanceAsync(new StepInput.VerifiedContinuation())));

        Assert.Equal(Address, await Verification.FindAddressAsync(Tenant.Id, mail.Token, CancellationToken.None));
        Assert.True(await ConfirmAsync(mail.Token));

        Assert.True(ViewOf(await browser.ShowAsync()).IsAddressVerified);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.VerifiedContinuation()));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.AddressVerified)));
    }

    [Fact]
    public async Task SignIn_UnconfirmedAddressAndWrongPassword_MailsNothing()
    {
        await GivenAsync(configure: user => user.EmailConfirmed = false);

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, OtherPassword)));
        Assert.Empty(await MailsAsync());
    }

    [Fact]
    public async Task Resend_OnlyAfterHalfAMinute_AndOnlyTheNewestLinkWorks()
    {
        var browser = await WaitingAsync();
        Assert.Equal(RejectionCode.MailTooSoon, RejectionOf(await browser.AdvanceAsync(new StepInput.VerificationRequest())));
        Clock.Advance(AddressVerification.ResendDelay);

        var view = ViewOf(await browser.AdvanceAsync(new StepInput.VerificationRequest()));
        var mails = await MailsAsync();

        Assert.Equal((SignInState.EmailVerification, Clock.GetUtcNow()), (view.State, view.VerificationSentAt));
        Assert.Equal(2, mails.Count);
        Assert.False(await ConfirmAsync(mails[0].Token));
        Assert.True(await ConfirmAsync(mails[1].Token));
    }

    [Fact]
    public async Task Resend_MoreThanFiveTimesAnHour_IsRefused()
    {
        var browser = await WaitingAsync();
        for (var mail = 1; mail < MailAllowance.MailsAnHour; mail++)
        {
            Clock.Advance(AddressVerification.ResendDelay);
            Assert.Null(ViewOf(await browser.AdvanceAsync(new StepInput.VerificationRequest())).Rejection);
        }

        Clock.Advance(AddressVerification.ResendDelay);

        Assert.Equal(RejectionCode.TooManyMails, RejectionOf(await browser.AdvanceAsync(new StepInput.VerificationRequest())));
        Assert.Equal(MailAllowance.MailsAnHour, (await MailsAsync()).Count);
    }

    [Fact]
    public async Task SignIn_AgainAMomentLater_MailsNoSecondTime()
    {
        await WaitingAsync();
        await NewBrowser().SignInAsync(Address, RightPassword);

        Assert.Single(await MailsAsync());
    }

    [Fact]
    public async Task SignIn_InSeveralTabsAtOnce_LeavesOneLink()
    {
        await GivenAsync(configure: user => user.EmailConfirmed = false);
        var other = AddHost();
        var browsers = new[] { NewBrowser(), NewBrowser(other), NewBrowser(), NewBrowser(other) };
        foreach (var browser in browsers)
        {
            await browser.IdentifyAsync(Address);
        }

        var outcomes = await Task.WhenAll(browsers.Select(browser => Task.Run(() => browser.PasswordAsync(RightPassword))));

        Assert.All(outcomes.OfType<SignInOutcome.Continue>(), outcome => Assert.Equal(SignInState.EmailVerification, outcome.Flow.State));
        Assert.Equal(1, await ReadAsync(database => database.OneTimeLinks.CountAsync()));
    }

    [Fact]
    public async Task Confirm_InParallel_SucceedsExactlyOnce()
    {
        await WaitingAsync();
        var token = (await MailsAsync())[0].Token;
        var nodes = new[] { Host, AddHost(), Host, AddHost() };

        var results = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Services.GetRequiredService<AddressVerification>()
            .ConfirmAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None))));

        Assert.Single(results, confirmed => confirmed);
    }

    [Fact]
    public async Task Confirm_AfterADayOrElsewhere_IsRefused()
    {
        await WaitingAsync();
        var token = (await MailsAsync())[0].Token;
        var other = await Host.CreateTenantAsync("globex");

        Assert.False(await Verification.ConfirmAsync(other.Id, token, Browser.Facts, CancellationToken.None));
        Clock.Advance(AddressVerification.LinkLifetime);
        Assert.False(await ConfirmAsync(token));
    }

    [Fact]
    public async Task Confirm_PersonWithASecondFactor_IsAskedForItNext()
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Database.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.EmailConfirmed, false));
        }

        var browser = NewBrowser();
        Assert.Equal(SignInState.EmailVerification, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        await ConfirmAsync((await MailsAsync())[^1].Token);

        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.AdvanceAsync(new StepInput.VerifiedContinuation())).State);
    }

    private Task<bool> ConfirmAsync(string token) => Verification.ConfirmAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None);

    private Task<IReadOnlyList<ReceivedMail>> MailsAsync() => Host.Services.ReadMailsAsync(Address);

    /// <summary>A browser whose person has given the right password for an address that is not confirmed.</summary>
    private async Task<Browser> WaitingAsync()
    {
        await GivenAsync(configure: user => user.EmailConfirmed = false);
        var browser = NewBrowser();
        Assert.Equal(SignInState.EmailVerification, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        return browser;
    }
}
