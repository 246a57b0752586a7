using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tokens;

public sealed class ApiSignInSqliteTests() : ApiSignInTests(DatabaseProvider.Sqlite);

public sealed class ApiSignInPostgreSqlTests() : ApiSignInTests(DatabaseProvider.PostgreSql);

public abstract class ApiSignInTests(DatabaseProvider provider) : TokenTestBase(provider)
{
    [Fact]
    public async Task Handle_WithARightCode_SignsInOnce()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());

        Assert.Equal([SecondFactorMethod.Totp, SecondFactorMethod.RecoveryCode], asked.Usable);
        Assert.IsType<ApiSignInOutcome.SignedIn>(await AnswerAsync(asked.Handle, new StepInput.Totp(CodeOf(seed), false)));
        Assert.IsType<ApiSignInOutcome.HandleEnded>(await AnswerAsync(asked.Handle, new StepInput.Totp(CodeOf(seed, 1), false)));
    }

    [Fact]
    public async Task Handle_ElsewhereOrTooLate_IsWorthNothing()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var globex = await Host.CreateTenantAsync("globex");
        var asked = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());
        var input = new StepInput.Totp(CodeOf(seed), false);

        Assert.IsType<ApiSignInOutcome.HandleEnded>(await AnswerAsync(asked.Handle, input, "another_contract"));
        Assert.IsType<ApiSignInOutcome.HandleEnded>(await Api.AdvanceAsync(
            new HandleReference(asked.Handle, Contract, globex.Id), input, Browser.Facts, CancellationToken.None));
        Assert.IsType<ApiSignInOutcome.HandleEnded>(await Api.AdvanceAsync(
            new HandleReference(asked.Handle, Contract, Tenant.Id, Guid.NewGuid().ToString()), input, Browser.Facts, CancellationToken.None));
        Clock.Advance(FlowHandle.Lifetime);
        Assert.IsType<ApiSignInOutcome.HandleEnded>(await AnswerAsync(asked.Handle, new StepInput.Totp(CodeOf(seed), false)));
    }

    [Fact]
    public async Task Handle_AfterFiveWrongCodes_IsDead()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());
        for (var number = 0; number < FlowHandle.MaximumTries; number++)
        {
            Assert.IsType<ApiSignInOutcome.Refused>(await AnswerAsync(asked.Handle, new StepInput.Totp(WrongCode(seed), false)));
        }

        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.IsType<ApiSignInOutcome.HandleEnded>(await AnswerAsync(asked.Handle, new StepInput.Totp(CodeOf(seed), false)));
    }

    [Fact]
    public async Task Handle_GuessedAtInParallel_IsNeverEvaluatedMoreOftenThanAllowed()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => AnswerAsync(asked.Handle, new StepInput.Totp(WrongCode(seed), false))));

        Assert.InRange(outcomes.OfType<ApiSignInOutcome.Refused>().Count(), 1, FlowHandle.MaximumTries);
        Assert.DoesNotContain(outcomes, outcome => outcome is ApiSignInOutcome.SignedIn);
    }

    [Fact]
    public async Task Handle_OfACodeUsedBefore_SaysSo()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var code = CodeOf(seed);
        var first = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());
        Assert.IsType<ApiSignInOutcome.SignedIn>(await AnswerAsync(first.Handle, new StepInput.Totp(code, false)));
        var second = Assert.IsType<ApiSignInOutcome.SecondFactorNeeded>(await SignInAsync());

        var refused = Assert.IsType<ApiSignInOutcome.Refused>(await AnswerAsync(second.Handle, new StepInput.Totp(code, false)));

        Assert.Equal(RejectionCode.CodeUsed, refused.Code);
    }

    [Fact]
    public async Task Enrolment_Owed_GivesATokenThatOpensNothingElse()
    {
        await GivenAsync(Required);
        var owed = Assert.IsType<ApiSignInOutcome.EnrolmentNeeded>(await SignInAsync());

        var bearer = await CheckAsync(owed.Token.Text);
        Assert.Null(bearer!.Session);
        Assert.Equal(TokenScope.Enrolment, bearer.Token!.Scope);
        Assert.Equal(0, await ReadAsync(data => data.Sessions.CountAsync()));

        var signedIn = Assert.IsType<ApiSignInOutcome.SignedIn>(
            await AnswerAsync(bearer.Token.Handle, new StepInput.TotpConfirmation(CodeOf(Decode(owed.Enrolment.Key)), "Phone")));
        Assert.Equal(10, signedIn.RecoveryCodes!.Count);
        Assert.Equal(Assurance.MultiFactor, (await CheckAsync(signedIn.Tokens.Access.Text))!.Session!.AuthenticationContextClass);
    }

    [Fact]
    public async Task Enrolment_AnnouncedOnly_IsLeftForAnotherTime()
    {
        await GivenAsync(Required with { SecondFactorRequiredFrom = Clock.GetUtcNow().AddDays(30) });

        Assert.IsType<ApiSignInOutcome.SignedIn>(await SignInAsync());
    }

    [Fact]
    public async Task TokensFetchedLater_OpenTheSessionOnceAndOnlyThen()
    {
        await GivenAsync();
        var ready = Assert.IsType<ApiSignInOutcome.Ready>(await SignInAsync(fetchesLater: true));
        Assert.Null(await CheckAsync(ready.Handle));
        Clock.Advance(TimeSpan.FromMinutes(4));

        var signedIn = Assert.IsType<ApiSignInOutcome.SignedIn>(
            await Api.ShowAsync(new HandleReference(ready.Handle, Contract), Browser.Facts, CancellationToken.None));
        Assert.NotNull(await CheckAsync(signedIn.Tokens.Access.Text));
        Assert.IsType<ApiSignInOutcome.HandleEnded>(
            await Api.ShowAsync(new HandleReference(ready.Handle, Contract), Browser.Facts, CancellationToken.None));
    }

    [Fact]
    public async Task SignIn_WithoutATenant_IsRefusedAndSlowedDownLikeAnother()
    {
        await GivenAsync();
        var outcomes = new List<ApiSignInOutcome>();
        for (var number = 0; number < 7; number++)
        {
            outcomes.Add(await Api.SignInAsync(
                null, Contract, Address, new StepInput.Password(RightPassword, false), false, Browser.Facts, CancellationToken.None));
        }

        Assert.All(outcomes.Take(5), outcome => Assert.Equal(RejectionCode.InvalidCredentials, Assert.IsType<ApiSignInOutcome.Refused>(outcome).Code));
        Assert.All(outcomes.Skip(5), outcome => Assert.IsType<ApiSignInOutcome.Throttled>(outcome));
    }

    [Fact]
    public async Task ApiKey_InheritsTheSignInAndIsNoFreshOne()
    {
        await GivenAsync();
        var pair = await SignedInPairAsync();
        await using var scope = Host.OpenTenant(Tenant);
        var keys = scope.Services.GetRequiredService<ApiKeys>();
        var created = Assert.IsType<ApiKeyResult.Created>(await keys.CreateAsync(pair.SessionId, " build ", Browser.Facts, CancellationToken.None));
        Assert.Equal("build", created.Key.Name);
        Clock.Advance(TimeSpan.FromDays(2));

        var bearer = (await scope.Services.GetRequiredService<BearerCheck>().CheckApiKeyAsync(created.Secret, CancellationToken.None))!;

        Assert.Equal(User.Id, bearer.UserId);
        Assert.Equal(Clock.GetUtcNow().AddDays(-2), bearer.Session!.AuthenticatedAt);
        Assert.IsType<ApiKeyResult.SignInNeeded>(await keys.CreateAsync(bearer.Session.Id, "another", Browser.Facts, CancellationToken.None));
        Assert.True(await keys.DeleteAsync(User.Id, created.Key.Id, Browser.Facts, CancellationToken.None));
        Assert.Null(await scope.Services.GetRequiredService<BearerCheck>().CheckApiKeyAsync(created.Secret, CancellationToken.None));
    }
}
