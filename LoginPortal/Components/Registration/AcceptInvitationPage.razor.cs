using LoginPortal.Core.Registration;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Registration;

/// <summary>Opening the account that an administrator invited somebody to. Nobody is signed in by it.</summary>
[SignsIn]
public sealed partial class AcceptInvitationPage
{
    private RegistrationInput _input = new();
    private string? _address;
    private RegistrationResult.Refused? _refusal;
    private string? _problem;

    /// <summary>Who is invited, while the link works; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public string? Address { get => _address; set => Restore(ref _address, value); }

    /// <summary>What is wrong with what was submitted; likewise restored.</summary>
    [PersistentState]
    public RegistrationResult.Refused? Refusal { get => _refusal; set => Restore(ref _refusal, value); }

    /// <summary>What else is wrong, in words; likewise restored.</summary>
    [PersistentState]
    public string? Problem { get => _problem; set => Restore(ref _problem, value); }

    [Inject]
    private Invitations Invitations { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task FindAsync()
    {
        _input = RegistrationInput.ReadPosted(HttpContext, Tenant.Required.Policy);
        _address = await Invitations.FindAddressAsync(Tenant.Required.Id, Token, UntilDisposed);
    }

    private Task AcceptAsync() => OnceAsync(async () =>
    {
        var result = await Invitations.AcceptAsync(Tenant.Required.Id, Token, _input.ToForm(), Visit.Facts, UntilDisposed);
        (_refusal, _problem) = (result as RegistrationResult.Refused, result is RegistrationResult.Busy ? Text["Rejection.Busy"] : null);
        if (result is RegistrationResult.Done)
        {
            LeaveFor($"sign-in?account-ready=true&login_hint={Uri.EscapeDataString(_address ?? "")}");
        }
        else if (result is RegistrationResult.Closed)
        {
            _address = null;
        }
    });
}
