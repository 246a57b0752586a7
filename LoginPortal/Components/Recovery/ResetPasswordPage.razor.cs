using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Choosing a new password by a link. The link's token leaves the address at once; looking spends nothing, the button does. A
/// circuit gets the token from the page that was served, where it travels encrypted.
/// </summary>
[SignsIn]
public sealed partial class ResetPasswordPage
{
    private string? _token;
    private PasswordOwner? _owner;
    private IReadOnlyList<PasswordProblem>? _problems;
    private string? _problem;

    /// <summary>The link's token; restored in the circuit, which has no cookies.</summary>
    [PersistentState]
    public string? Token { get => _token; set => Restore(ref _token, value); }

    /// <summary>Whose password it is about, while the link works; likewise restored.</summary>
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
    private LinkToken Link { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "reset-password", Name = "new-password")]
    private string? NewPassword { get; set; }

    private IReadOnlyList<PasswordProblem> Problems => _problems ?? [];

    private string Heading => Text[_owner is null ? "Reset.InvalidTitle" : "Reset.Title"];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (HttpContext is null || Link.MoveOutOfAddress(HttpContext))
        {
            return;
        }

        _token = Link.Read(HttpContext);
        _owner = await Recovery.FindOwnerAsync(Tenant.Required.Id, _token, UntilDisposed);
    }

    private Task ResetAsync() => OnceAsync(async () =>
        Show(await Recovery.ResetAsync(Tenant.Required.Id, _token, NewPassword, Visit.Facts, UntilDisposed)));

    private void Show(PasswordResetResult result)
    {
        (_problems, _problem) = (null, null);
        switch (result)
        {
            case PasswordResetResult.Done:
                if (HttpContext is not null)
                {
                    Link.Forget(HttpContext);
                }

                // A page of its own: going back to this one must ask the server whether the link still works.
                Navigation.NavigateTo("sign-in?password-reset=true", forceLoad: HttpContext is null);
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
