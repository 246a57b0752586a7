using LoginPortal.Core.Recovery;
using LoginPortal.Core.SignIn;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Asking for a link to a new password. What is answered is the same for every address; that it was asked stands in the page's address, so
/// that a reload asks nothing.
/// </summary>
[SignsIn]
public sealed partial class ForgotPasswordPage
{
    private const string SentAddress = "forgot-password?sent=true";

    private string? _address;
    private string? _problem;

    /// <summary>The address to begin with; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public string? Address { get => _address; set => Restore(ref _address, value); }

    /// <summary>What is wrong with the address that was submitted; likewise restored.</summary>
    [PersistentState]
    public string? Problem { get => _problem; set => Restore(ref _problem, value); }

    [Inject]
    private PasswordRecovery Recovery { get; set; } = default!;

    [Inject]
    private SignInRunner Runner { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "flow")]
    private string? Flow { get; set; }

    [SupplyParameterFromQuery(Name = "sent")]
    private string? Sent { get; set; }

    [SupplyParameterFromForm(FormName = "forgot-password", Name = "username")]
    private string? PostedAddress { get; set; }

    private bool IsSent => Sent is not null;

    private string Heading => Text[IsSent ? "Forgot.SentTitle" : "Forgot.Title"];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _address = PostedAddress ?? _address;
        if (_address is null && Guid.TryParse(Flow, out var flowId))
        {
            // Whoever comes from a sign-in has typed the address there.
            var outcome = await Runner.ShowAsync(Tenant.Required.Id, new FlowReference(flowId, Visit.State.BindingHash!), UntilDisposed);
            _address = outcome is SignInOutcome.Continue(var view) ? view.Identifier : null;
        }
    }

    private Task RequestAsync() => OnceAsync(async () =>
    {
        var result = await Recovery.RequestAsync(
            Tenant.Required.Id, _address, Guid.TryParse(Flow, out var flowId) ? flowId : null, Visit.Facts, UntilDisposed);
        _problem = result switch
        {
            PasswordResetRequestResult.AddressMalformed => Text["Rejection.AddressMalformed"],
            PasswordResetRequestResult.Throttled(var wait) => $"{Text["Rejection.TooManyRequests"]} {Text.Wait(wait)}",
            _ => null,
        };
        if (_problem is null)
        {
            Navigation.NavigateTo(SentAddress);
        }
    });
}
