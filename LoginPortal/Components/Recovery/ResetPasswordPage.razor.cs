using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.SignIn;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>Choosing a new password by a link.</summary>
[SignsIn]
public sealed partial class ResetPasswordPage
{
    private PasswordOwner? _owner;
    private IReadOnlyList<PasswordProblem>? _problems;
    private string? _problem;

    /// <summary>Whose password it is about, while the link works; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public PasswordOwner? Owner { get => _owner; set => Restore(ref _owner, value); }

    /// <summary>What is wrong with the password that was submitted; likewise restored.</summary>
    [PersistentState]
    public IReadOnlyList<PasswordProblem>? SubmittedProblems { get => _problems; set => Restore(ref _problems, value); }

    /// <summary>What else is wrong with it, in words; likewise restored.</summary>
    [PersistentState]
    public string? Problem { get => _problem; set => Restore(ref _problem, value); }

    [Inject]
    private PasswordRecovery Recovery { get; set; } = default!;

    [Inject]
    private SignInRunner Runner { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "flow")]
    private string? Flow { get; set; }

    [SupplyParameterFromForm(FormName = "reset-password", Name = "new-password")]
    private string? NewPassword { get; set; }

    private IReadOnlyList<PasswordProblem> Problems => _problems ?? [];

    private string Heading => Text[_owner is null ? "Reset.InvalidTitle" : "Reset.Title"];

    /// <inheritdoc />
    protected override async Task FindAsync() =>
        _owner = await Recovery.FindOwnerAsync(Tenant.Required.Id, Token, UntilDisposed);

    private Task ResetAsync() => OnceAsync(async () =>
        await ShowAsync(await Recovery.ResetAsync(Tenant.Required.Id, Token, NewPassword, Visit.Facts, UntilDisposed)));

    /// <summary>The sign-in goes on to where it was going when the password was forgotten, if this is its browser.</summary>
    private async Task<string> NextAsync() =>
        Guid.TryParse(Flow, out var flowId)
        && await Runner.ShowAsync(Tenant.Required.Id, new FlowReference(flowId, Visit.State.BindingHash!), UntilDisposed)
            is SignInOutcome.Continue({ ReturnUrl: { } returnUrl })
                ? $"sign-in?password-reset=true&returnUrl={Uri.EscapeDataString(returnUrl)}"
                : "sign-in?password-reset=true";

    private async Task ShowAsync(PasswordResetResult result)
    {
        (_problems, _problem) = (null, null);
        switch (result)
        {
            case PasswordResetResult.Done:
                LeaveFor(await NextAsync());
                break;
            case PasswordResetResult.LinkInvalid:
                _owner = null;
                break;
            case PasswordResetResult.NotAllowed(var problems):
                _problems = problems;
                break;
            case PasswordResetResult.Unchanged:
                _problem = Text["Rejection.PasswordUnchanged"];
                break;
            default:
                _problem = Text["Rejection.Busy"];
                break;
        }
    }
}
