using LoginPortal.Components.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.KeptPages;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace LoginPortal.Components.SignIn;

/// <summary>
/// Signing in. What is shown is where the flow in the address stands, so that a reload, the back button, a second tab and a
/// circuit that is gone all show the same. Each method below is called alike by a posted form and by a circuit.
/// </summary>
[SignsIn]
[KeptPage]
public sealed partial class SignInPage
{
    /// <summary>Asks which account it shall be, also of whoever is signed in (OpenID Connect Core 1.0, 3.1.2.1).</summary>
    private const string ChoosePrompt = "select_account";

    private static readonly string CodeWay = SecondFactorForm.WayOf(SecondFactorMethod.EmailCode);

    private IReadOnlyList<BrowserAccount>? _accounts;
    private bool _isSignedIn;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "prompt")]
    private string? Prompt { get; set; }

    /// <summary>The accounts that this browser is signed in to; restored in the circuit, which has no cookies, from the page that was served.</summary>
    [PersistentState]
    public IReadOnlyList<BrowserAccount>? Accounts { get => _accounts; set => Restore(ref _accounts, value); }

    [SupplyParameterFromQuery(Name = "login_hint")]
    private string? LoginHint { get; set; }

    [SupplyParameterFromForm(FormName = "identify", Name = "username")]
    private string? IdentifyAddress { get; set; }

    [SupplyParameterFromForm(FormName = "password", Name = "password")]
    private string? PasswordValue { get; set; }

    [SupplyParameterFromForm(FormName = "password", Name = "remember")]
    private string? PasswordRemember { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "username")]
    private string? SignInAddress { get; set; }

    [SupplyParameterFromForm(FormName = PasskeyForm.FormName, Name = "username")]
    private string? PasskeyAddress { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "password")]
    private string? SignInPassword { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "remember")]
    private string? SignInRemember { get; set; }

    [SupplyParameterFromForm(FormName = "password-change", Name = "new-password")]
    private string? NewPassword { get; set; }

    private string? Address { get; set; }

    private string? Password { get; set; }

    private bool Remember { get; set; }

    private bool IsOnePage => Tenant.Required.Policy.Identification == IdentificationLayout.OnePage;

    private IReadOnlyList<string> OwnWords => View.Identifier is { } address ? [address] : [];

    private string Heading => View.State switch
    {
        SignInState.EmailVerification => Text["EmailVerification.Title"],
        SignInState.RegistrationSent => Text["RegistrationSent.Title"],
        SignInState.SecondFactor => Text["SecondFactor.Title"],
        SignInState.SecondFactorEnrolment => Text["Enrolment.Title"],
        SignInState.RecoveryCodes => Text["RecoveryCodes.Title"],
        SignInState.PasswordChange => Text["PasswordChange.Title"],
        SignInState.Password when IsCodeShown => Text["SignInCode.Title"],
        SignInState.Password when !IsOnePage => Text["SignIn.PasswordTitle"],
        _ when IsChooserShown => Text["Accounts.Choose"],
        _ => Text["SignIn.Welcome"],
    };

    private string? RejectionText => View.Rejection is { } code && (IsCodeShown || !IsCodeRefused) ? Text[$"Rejection.{code}"] : null;

    private string? PasskeyProblem => View.RejectedStep == SignInStep.VerifyPasskey ? RejectionText : null;

    private string? PasswordProblem => PasskeyProblem is null ? RejectionText : null;

    private string? AddressProblem => View.Rejection == RejectionCode.AddressMalformed ? RejectionText : null;

    /// <summary>Whether it is the address that has to be typed first, on one page with the password.</summary>
    private bool IsAddressNext => View.Identifier is null || AddressProblem is not null;

    private string? PasswordChangeProblem => Problems.Count == 0 ? RejectionText : null;

    /// <summary>Whether the person chooses among the accounts of this browser, before they say who they are.</summary>
    private bool IsChooserShown => View.FlowId == Guid.Empty && Preview is null && !IsPost && Way is null && Prompt != "login"
        && _accounts is { Count: > 0 } && (Prompt == ChoosePrompt || !_isSignedIn);

    private bool IsPost => HttpContext is not null && HttpMethods.IsPost(HttpContext.Request.Method);

    private string RegisterAddress => (View.ReturnUrl ?? ReturnTo) is { } returnUrl
        ? $"register?returnUrl={Uri.EscapeDataString(returnUrl)}"
        : "register";

    private string StartOverAddress => View.ReturnUrl is { } returnUrl
        ? $"sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}"
        : "sign-in";

    private string CodeAddress => View.FlowId == Guid.Empty
        ? $"sign-in?way={CodeWay}{(ReturnTo is null ? "" : $"&returnUrl={Uri.EscapeDataString(ReturnTo)}")}"
        : $"sign-in?flow={View.FlowId}&way={CodeWay}";

    /// <summary>Whether a code stands for the password: it was asked for, and the address says so.</summary>
    private bool IsCodeShown => View.EmailCodeSentAt is not null && IsCodeWanted;

    private bool IsCodeWanted => Tenant.Required.Policy.EmailCodeSignIn && Way == CodeWay;

    /// <summary>Why no code was sent, where there is no page of a code yet to say it on.</summary>
    private string? CodeProblem => IsCodeRefused && View is { EmailCodeSentAt: null, Rejection: { } code } ? Text[$"Rejection.{code}"] : null;

    /// <summary>What was wrong with the code is no matter of the password.</summary>
    private bool IsCodeRefused => View.RejectedStep is SignInStep.SendSignInCode or SignInStep.VerifySignInCode;

    private string ForgotAddress => View.FlowId == Guid.Empty ? "forgot-password" : $"forgot-password?flow={View.FlowId}";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        Remember = Remember || PasswordRemember is not null || SignInRemember is not null;
        Password ??= PasswordValue ?? SignInPassword;
        var person = SessionClaims.Read((await Authentication.GetAuthenticationStateAsync()).User);
        await ShowFlowAsync();
        _isSignedIn = person is not null;
        if (HttpContext is { } context)
        {
            _accounts ??= await context.RequestServices.GetRequiredService<BrowserAccounts>().ListAsync(context, UntilDisposed);
        }

        if (person is not null && Prompt is not ("login" or ChoosePrompt) && View.FlowId == Guid.Empty && Preview is null)
        {
            Navigation.NavigateTo(SessionHandoff.DestinationOf(ReturnTo));
            return;
        }

        Remember = Remember || (View.Remember && !IsPost);
        Address ??= IsPost ? IdentifyAddress ?? SignInAddress ?? PasskeyAddress ?? "" : View.Identifier ?? LoginHint ?? person?.Email;
        if (HttpContext is not null)
        {
            SayWhenToComeBack(HttpContext);
        }
    }

    private Task IdentifyAsync() => RunAsync(async () =>
    {
        var identified = await BeginAsync(Address);
        return IsCodeWanted ? await GoOnAsync(identified, new StepInput.SignInCodeRequest()) : identified;
    });

    private async Task VerifyPasswordAsync() => await RunAsync(() => AdvanceAsync(PasswordInput));

    private async Task ChangePasswordAsync() => await RunAsync(() => AdvanceAsync(new StepInput.NewPassword(NewPassword)));

    /// <summary>Address and password together: the same two steps, one after the other.</summary>
    private async Task SignInAsync() => await RunAsync(async () =>
    {
        var identified = View.FlowId == Guid.Empty
            ? await BeginAsync(Address)
            : await AdvanceAsync(new StepInput.Identify(Address));
        return await GoOnAsync(identified, PasswordInput);
    });

    /// <summary>A passkey says whose it is: it needs no address before it.</summary>
    private Task PasskeyAsync(PasskeySubmission submission)
    {
        var input = new StepInput.Passkey(submission.Answer, Remember || submission.Remember, TrustDevice: false);
        return RunAsync(() => View.FlowId == Guid.Empty ? BeginAsync(input) : AdvanceAsync(input));
    }

    private async Task StepAsync(StepInput input)
    {
        if (input is StepInput.EmailCodeRequest or StepInput.SignInCodeRequest)
        {
            Way = CodeWay;
        }

        await RunAsync(() => AdvanceAsync(input));
    }

    private StepInput.Password PasswordInput => new(Password, Remember, Visit.State.TrustedDeviceToken);

    private Task<SignInOutcome> BeginAsync(string? address) => BeginAsync(new StepInput.Identify(address, IsStepUp: Prompt == "login"));

    /// <inheritdoc />
    protected override void Forget()
    {
        Password = null;
        NewPassword = null;
    }
}
