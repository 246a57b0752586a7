using LoginPortal.Core.Registration;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Registration;

/// <summary>
/// Opening an account. What follows is a sign-in flow that waits for the address to be confirmed, so that reload, back and other tabs are its
/// matter, and the person ends up where they were going.
/// </summary>
[SignsIn]
public sealed partial class RegisterPage
{
    private RegistrationInput _input = new();
    private RegistrationResult.Refused? _refusal;
    private string? _problem;
    private string? _challenge;

    /// <summary>What is wrong with what was submitted; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public RegistrationResult.Refused? Refusal { get => _refusal; set => Restore(ref _refusal, value); }

    /// <summary>What else is wrong, in words; likewise restored.</summary>
    [PersistentState]
    public string? Problem { get => _problem; set => Restore(ref _problem, value); }

    [Inject]
    private AccountRegistration Registration { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnTo { get; set; }

    private bool IsOpen => Tenant.Required.Policy.Registration.IsOpen;

    private string SignInAddress => ReturnTo is null ? "sign-in" : $"sign-in?returnUrl={Uri.EscapeDataString(ReturnTo)}";

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        base.OnInitialized();
        if (HttpContext is { } context)
        {
            CaptchaContentPolicy.Apply(context.Response, Tenant.Required.Policy.Registration.Captcha);
            _input = RegistrationInput.ReadPosted(context, Tenant.Required.Policy);
        }

        Challenge();
    }

    private void Challenge()
    {
        _challenge = IsOpen ? Registration.CreateChallenge(Tenant.Required) : null;
    }

    private Task RegisterAsync() => OnceAsync(async () =>
    {
        var result = await Registration.RegisterAsync(
            Tenant.Required.Id, Visit.State.BindingHash!, ReturnTo, _input.ToForm(), Visit.Facts, UntilDisposed);
        (_refusal, _problem) = (result as RegistrationResult.Refused, WordsOf(result));
        if (result is RegistrationResult.MailSent(var flowId))
        {
            Navigation.NavigateTo($"sign-in?flow={flowId}");
        }
        else if (result is not RegistrationResult.Refused)
        {
            // What the browser proved has been spent.
            _input.CaptchaResponse = null;
            Challenge();
        }
    });

    private string? WordsOf(RegistrationResult result) => result switch
    {
        RegistrationResult.CaptchaFailed => Text["Register.CaptchaFailed"],
        RegistrationResult.Throttled(var wait) => $"{Text["Register.Throttled"]} {Text.Wait(wait)}",
        RegistrationResult.Busy => Text["Rejection.Busy"],
        _ => null,
    };
}
