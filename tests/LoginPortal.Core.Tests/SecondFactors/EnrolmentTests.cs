using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class EnrolmentSqliteTests() : EnrolmentTests(DatabaseProvider.Sqlite);

public sealed class EnrolmentPostgreSqlTests() : EnrolmentTests(DatabaseProvider.PostgreSql);

/// <summary>Setting up a second factor in the middle of signing in.</summary>
public abstract class EnrolmentTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task SignIn_FactorRequired_EnrolsShowsCodesOnceAndGoesOn()
    {
        await GivenAsync(Required);
        var browser = NewBrowser();

        var view = ViewOf(await browser.SignInAsync(Address, RightPassword));
        Assert.Equal((SignInState.SecondFactorEnrolment, null), (view.State, view.PostponableUntil));
        Assert.StartsWith("otpauth://totp/Tenant%20acme:ada%40acme.example?secret=", view.Enrolment!.Uri, StringComparison.Ordinal);
        Assert.Equal(SignInState.SecondFactorEnrolment, ViewOf(await browser.AdvanceAsync(new StepInput.Postponement())).State);
        var seed = Decode(view.Enrolment.Key);
        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await browser.AdvanceAsync(new StepInput.TotpConfirmation(WrongCode(seed), null))));
        Assert.Equal(view.Enrolment, ViewOf(await browser.ShowAsync()).Enrolment);

        var codes = ViewOf(await browser.AdvanceAsync(new StepInput.TotpConfirmation(CodeOf(seed), null))).RecoveryCodes;
        Assert.Equal(10, codes!.Distinct(StringComparer.Ordinal).Count());
        Assert.Null(ViewOf(await browser.ShowAsync()).RecoveryCodes);
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCodesKept()));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(Assurance.MultiFactor, session.AuthenticationContextClass);
        Assert.Equal(["AuthenticatorAdded"], await MailsAsync());
    }

    [Fact]
    public async Task SignIn_FactorAnnounced_CanBePostponedUntilTheDate()
    {
        var from = Clock.GetUtcNow().AddDays(2);
        await GivenAsync(Required with { SecondFactorRequiredFrom = from });
        var browser = NewBrowser();

        Assert.Equal(from, ViewOf(await browser.SignInAsync(Address, RightPassword)).PostponableUntil);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Postponement()));

        var late = NewBrowser();
        await late.SignInAsync(Address, RightPassword);
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.IsType<SignInOutcome.Expired>(await late.AdvanceAsync(new StepInput.Postponement()));
        var after = NewBrowser();
        Assert.Null(ViewOf(await after.SignInAsync(Address, RightPassword)).PostponableUntil);
    }

    [Fact]
    public async Task Enrolment_NotConfirmed_CountsForNothing()
    {
        await GivenAsync(Required);
        await NewBrowser().SignInAsync(Address, RightPassword);
        await SetPolicyAsync(new TenantPolicy());

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task Enrolment_PendingForAnHour_GetsANewSeed()
    {
        await GivenAsync(Required);
        var first = ViewOf(await NewBrowser().SignInAsync(Address, RightPassword)).Enrolment;
        Assert.Equal(first, ViewOf(await NewBrowser().SignInAsync(Address, RightPassword)).Enrolment);

        Clock.Advance(TotpEnrolments.PendingLifetime);

        Assert.NotEqual(first, ViewOf(await NewBrowser().SignInAsync(Address, RightPassword)).Enrolment);
        Assert.Equal(1, await ReadAsync(database => database.Authenticators.CountAsync()));
    }

    [Fact]
    public async Task Enrolment_ConfirmedTwiceInParallel_CountsOnce()
    {
        await GivenAsync(Required);
        var browsers = new[] { NewBrowser(), NewBrowser(AddHost()) };
        var views = new List<SignInView>();
        foreach (var browser in browsers)
        {
            views.Add(ViewOf(await browser.SignInAsync(Address, RightPassword)));
        }

        var code = CodeOf(Decode(views[0].Enrolment!.Key));
        var outcomes = await Task.WhenAll(browsers.Select(b => Task.Run(() => b.AdvanceAsync(new StepInput.TotpConfirmation(code, null)))));

        Assert.Single(outcomes.OfType<SignInOutcome.Continue>());
        Assert.Equal(10, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
    }

    [Fact]
    public async Task RecoveryCodes_NotSeen_CanBeReplacedOnTheWay()
    {
        await GivenAsync(Required);
        var browser = NewBrowser();
        var seed = Decode(ViewOf(await browser.SignInAsync(Address, RightPassword)).Enrolment!.Key);
        var first = ViewOf(await browser.AdvanceAsync(new StepInput.TotpConfirmation(CodeOf(seed), null))).RecoveryCodes!;

        var second = ViewOf(await browser.AdvanceAsync(new StepInput.RecoveryCodesReplacement())).RecoveryCodes!;

        Assert.Empty(first.Intersect(second, StringComparer.Ordinal));
        Assert.Equal(10, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
    }

    [Fact]
    public async Task SignIn_EmailCodeCountsAndFactorRequired_IsAskedWithoutEnrolling()
    {
        await GivenAsync(AllMethods with { SecondFactor = SecondFactorRequirement.Required });

        var view = ViewOf(await NewBrowser().SignInAsync(Address, RightPassword));

        Assert.Equal((SignInState.SecondFactor, SecondFactorMethod.EmailCode), (view.State, view.PreferredSecondFactor));
    }

    private Task<List<string>> MailsAsync() => ReadAsync(async database =>
        (await database.OutboxMails.OrderBy(m => m.Id).Select(m => m.Subject).ToListAsync())
            .ConvertAll(subject => subject == "An authenticator app was added to your account" ? "AuthenticatorAdded" : subject));
}
