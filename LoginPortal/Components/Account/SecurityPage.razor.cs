using LoginPortal.Core.Accounts;
using LoginPortal.Core.Totp;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace LoginPortal.Components.Account;

/// <summary>
/// A person's second factors. What is being done stands in the address, so that a fresh sign-in that is asked for in between leads straight
/// back to it.
/// </summary>
public sealed partial class SecurityPage
{
    private const string AddAction = "add";
    private const string RenameAction = "rename";
    private const string PageAddress = "account/security";

    private SignedInPerson? _person;
    private string? _code;
    private string? _name;
    private string? _shownAddress;
    private AccountSecurityResult.Overview? _overview;
    private TotpEnrolment? _enrolment;
    private bool _stepUpNeeded;
    private string? _problem;

    /// <summary>How things stand; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public AccountSecurityResult.Overview? Overview { get => _overview; set => Restore(ref _overview, value); }

    /// <summary>What an app is being set up with; likewise restored.</summary>
    [PersistentState]
    public TotpEnrolment? Enrolment { get => _enrolment; set => Restore(ref _enrolment, value); }

    /// <summary>Whether a fresh sign-in is needed first; likewise restored.</summary>
    [PersistentState]
    public bool StepUpNeeded { get => _stepUpNeeded; set => Restore(ref _stepUpNeeded, value); }

    /// <summary>What is wrong with the code that was submitted; likewise restored.</summary>
    [PersistentState]
    public string? Problem { get => _problem; set => Restore(ref _problem, value); }

    [Inject]
    private AccountSecurity Security { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "action")]
    private string? Action { get; set; }

    [SupplyParameterFromQuery(Name = "target")]
    private string? TargetText { get; set; }

    [SupplyParameterFromQuery(Name = "passkey")]
    private string? PasskeyTargetText { get; set; }

    [SupplyParameterFromQuery(Name = "passkey-added")]
    private string? PasskeyAdded { get; set; }

    [SupplyParameterFromForm(FormName = "confirm-totp", Name = "code")]
    private string? PostedCode { get; set; }

    [SupplyParameterFromForm(FormName = "confirm-totp", Name = "name")]
    private string? PostedName { get; set; }

    private Guid Target => Guid.TryParse(TargetText, out var id) ? id : Guid.Empty;

    private Guid PasskeyTarget => Guid.TryParse(PasskeyTargetText, out var id) ? id : Guid.Empty;

    private string Heading => this switch
    {
        { StepUpNeeded: true } => Text["StepUp.Title"],
        { Overview.RecoveryCodes: not null } => Text["RecoveryCodes.Title"],
        { Enrolment: not null } => Text["Enrolment.Title"],
        _ => Text["Security.Title"],
    };

    private string StepUpAddress =>
        $"sign-in?prompt=login&returnUrl={Uri.EscapeDataString(Navigation.ToBaseRelativePath(Navigation.Uri))}";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        _person = SessionClaims.Read((await Authentication.GetAuthenticationStateAsync()).User);
        if (_person is null)
        {
            Leave();
            return;
        }

        var address = Navigation.ToBaseRelativePath(Navigation.Uri);
        var isRestored = _shownAddress is null && (_overview is not null || _enrolment is not null || _stepUpNeeded);
        if (!isRestored && _shownAddress != address)
        {
            Show(Action == AddAction
                ? await Security.BeginTotpAsync(Tenant.Required.Id, _person.SessionId, UntilDisposed)
                : await Security.ShowAsync(Tenant.Required.Id, _person.SessionId, UntilDisposed));
        }

        _shownAddress = address;
    }

    private Task ConfirmTotpAsync() => RunAsync(person => Security.ConfirmTotpAsync(
        Tenant.Required.Id, person.SessionId, PostedCode ?? _code, PostedName ?? _name, Visit.Facts, UntilDisposed));

    private Task RenameAsync(Guid id, string? name) => RunAsync(person => Security.RenameAuthenticatorAsync(
        Tenant.Required.Id, person.SessionId, id, name, UntilDisposed));

    private Task RemoveAuthenticatorAsync(Guid id) => RunAsync(person => Security.RemoveAuthenticatorAsync(
        Tenant.Required.Id, person.SessionId, id, Visit.Facts, UntilDisposed));

    private Task ReplaceRecoveryCodesAsync() => RunAsync(person => Security.ReplaceRecoveryCodesAsync(
        Tenant.Required.Id, person.SessionId, Visit.Facts, UntilDisposed));

    private Task RemoveTrustedDeviceAsync(Guid id) => RunAsync(person => Security.RemoveTrustedDeviceAsync(
        Tenant.Required.Id, person.SessionId, id, Visit.Facts, UntilDisposed));

    private Task RunAsync(Func<SignedInPerson, Task<AccountSecurityResult>> work) => OnceAsync(async () =>
    {
        if (_person is not { } person)
        {
            return;
        }

        var result = await work(person);
        Show(result);
        if (result is AccountSecurityResult.Overview { RecoveryCodes: null })
        {
            // Back to the list: after a post this is the redirect that makes a reload harmless.
            Navigation.NavigateTo(PageAddress);
        }
    });

    private void Show(AccountSecurityResult result)
    {
        _problem = null;
        _code = null;
        switch (result)
        {
            case AccountSecurityResult.Overview overview:
                (_overview, _enrolment, _stepUpNeeded) = (overview, null, false);
                break;
            case AccountSecurityResult.Enrolling(var enrolment):
                (_overview, _enrolment, _stepUpNeeded) = (null, enrolment, false);
                break;
            case AccountSecurityResult.SignInNeeded:
                _stepUpNeeded = true;
                break;
            case AccountSecurityResult.InvalidCode:
                _problem = Text["Rejection.InvalidCode"];
                break;
            case AccountSecurityResult.Throttled(var wait):
                _problem = $"{Text["Rejection.TooManyAttempts"]} {Text.Wait(wait)}";
                break;
            default:
                Leave();
                break;
        }
    }

    private void Leave() => Navigation.NavigateTo(
        $"sign-in?returnUrl={Uri.EscapeDataString(Navigation.ToBaseRelativePath(Navigation.Uri))}", forceLoad: HttpContext is null);
}
