using LoginPortal.Core.SignIn;
using static LoginPortal.Core.SignIn.SignInState;

namespace LoginPortal.Core.Tests.SignIn;

/// <summary>The table, written a second time and independently: as a decision for each state, step and set of answers.</summary>
public sealed class SignInFlowTests
{
    private static readonly SignInGuard[] Questions = [.. Enum.GetValues<SignInGuard>().Except([SignInGuard.Always])];

    public static TheoryData<SignInState, SignInStep, string> EveryCombination()
    {
        var data = new TheoryData<SignInState, SignInStep, string>();
        foreach (var state in Enum.GetValues<SignInState>())
        {
            foreach (var step in Enum.GetValues<SignInStep>())
            {
                for (var answers = 0; answers < 1 << Questions.Length; answers++)
                {
                    data.Add(state, step, string.Join('+', Questions.Where((_, index) => (answers & (1 << index)) != 0)));
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public void Next_StateStepAndAnswers_IsAsDecided(SignInState state, SignInStep step, string answers)
    {
        var holding = answers.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<SignInGuard>).ToHashSet();

        if (Expected(state, step, holding) is { } expected)
        {
            Assert.True(SignInFlow.Offers(state, step));
            Assert.Equal(expected, SignInFlow.Next(state, step, holding.Contains));
        }
        else
        {
            Assert.False(SignInFlow.Offers(state, step));
            Assert.Throws<InvalidOperationException>(() => SignInFlow.Next(state, step, holding.Contains));
        }
    }

    [Fact]
    public void Next_AnyTransition_IsNeverAskedAboutAlways()
    {
        foreach (var transition in SignInFlow.Transitions)
        {
            SignInFlow.Next(transition.From, transition.Step, guard => guard == SignInGuard.Always ? throw new Xunit.Sdk.XunitException("asked") : false);
        }
    }

    [Fact]
    public void Transitions_FromTheStarts_ReachEveryState()
    {
        var reached = new HashSet<SignInState> { Identify, RegistrationSent };
        while (SignInFlow.Transitions.Where(t => reached.Contains(t.From)).Any(t => reached.Add(t.To)))
        {
        }

        Assert.Equal(Enum.GetValues<SignInState>(), reached.Order());
    }

    [Fact]
    public void Transitions_LastState_LeadNowhere() =>
        Assert.DoesNotContain(SignInFlow.Transitions, transition => transition.From == Completed);

    [Fact]
    public void Transitions_EachStateAndStep_EndWithARowThatAlwaysApplies()
    {
        foreach (var rows in SignInFlow.Transitions.GroupBy(transition => (transition.From, transition.Step)))
        {
            Assert.Equal(SignInGuard.Always, rows.Last().If);
            Assert.Single(rows, row => row.If == SignInGuard.Always);
        }
    }

    [Fact]
    public void Lifetime_Always_IsThirtyMinutes() => Assert.Equal(TimeSpan.FromMinutes(30), SignInFlow.Lifetime);

    private static SignInState? Expected(SignInState state, SignInStep step, HashSet<SignInGuard> holding) => (state, step) switch
    {
        (Identify or Password, SignInStep.Identify) => Password,
        (Identify or Password, SignInStep.VerifyPasskey) => holding.Contains(SignInGuard.EmailNotVerified) ? EmailVerification : Completed,
        (Password, SignInStep.SendSignInCode) => Password,
        (EmailVerification, SignInStep.SendVerification) => EmailVerification,
        (RegistrationSent, SignInStep.SendRegistrationMail) => RegistrationSent,
        (SecondFactor, SignInStep.SendEmailCode) => SecondFactor,
        (Password, SignInStep.VerifyPassword) when holding.Contains(SignInGuard.EmailNotVerified) => EmailVerification,
        _ when IsFirstFactor(state, step) && holding.Contains(SignInGuard.SecondFactorAsked) => SecondFactor,
        _ when (IsFirstFactor(state, step) || IsSecondFactor(state, step)) && holding.Contains(SignInGuard.PasswordMustChange) => PasswordChange,
        _ when (IsFirstFactor(state, step) || (state, step) == (PasswordChange, SignInStep.ChangePassword))
            && (holding.Contains(SignInGuard.SecondFactorOwed) || holding.Contains(SignInGuard.SecondFactorAnnounced)) => SecondFactorEnrolment,
        _ when IsFirstFactor(state, step) || IsSecondFactor(state, step) || (state, step) == (PasswordChange, SignInStep.ChangePassword) => Completed,
        (SecondFactorEnrolment, SignInStep.ConfirmTotp or SignInStep.RegisterPasskey) => SignInState.RecoveryCodes,
        (SecondFactorEnrolment, SignInStep.PostponeEnrolment) when holding.Contains(SignInGuard.SecondFactorOwed) => SecondFactorEnrolment,
        (SecondFactorEnrolment, SignInStep.PostponeEnrolment) => Completed,
        (SignInState.RecoveryCodes, SignInStep.ReplaceRecoveryCodes) => SignInState.RecoveryCodes,
        (SignInState.RecoveryCodes, SignInStep.KeepRecoveryCodes) => Completed,
        _ => null,
    };

    /// <summary>Whether the person is known after it who was not before.</summary>
    private static bool IsFirstFactor(SignInState state, SignInStep step) => (state, step) is
        (Password, SignInStep.VerifyPassword or SignInStep.VerifySignInCode)
        or (EmailVerification, SignInStep.ContinueVerified)
        or (RegistrationSent, SignInStep.ContinueRegistered);

    private static bool IsSecondFactor(SignInState state, SignInStep step) =>
        (state, step) is (SecondFactor, SignInStep.VerifyPasskey or SignInStep.VerifyTotp or SignInStep.VerifyEmailCode or SignInStep.VerifyRecoveryCode);
}
