using LoginPortal.Core.Recovery;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Asking for a link to a new password. What is answered is the same for every address; that it was asked stands in the page's address, so
/// that a reload asks nothing.
/// </summary>
[SignsIn]
public sealed partial class ForgotPasswordPage : IDisposable
{
    private const string SentAddress = "forgot-password?sent=true";

    private readonly CancellationTokenSource _disposed = new();
    private string? _address;
    private string? _problem;
    private bool _busy;
    private bool _isShown;

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

    [Inject]
    private PortalVisit Visit { get; set; } = default!;

    [Inject]
    private PortalText Text { get; set; } = default!;

    [Inject]
    private TenantContext Tenant { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "flow")]
    private string? Flow { get; set; }

    [SupplyParameterFromQuery(Name = "sent")]
    private string? Sent { get; set; }

    [SupplyParameterFromForm(FormName = "forgot-password", Name = "username")]
    private string? PostedAddress { get; set; }

    private bool IsSent => Sent is not null;

    private string Heading => Text[IsSent ? "Forgot.SentTitle" : "Forgot.Title"];

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var isFirst = !_isShown;
        _isShown = true;
        if (!isFirst)
        {
            return;
        }

        _address = PostedAddress ?? _address;
        if (_address is null && Guid.TryParse(Flow, out var flowId))
        {
            // Whoever comes from a sign-in has typed the address there.
            var outcome = await Runner.ShowAsync(Tenant.Required.Id, new FlowReference(flowId, Visit.State.BindingHash!), _disposed.Token);
            _address = outcome is SignInOutcome.Continue(var view) ? view.Identifier : null;
        }
    }

    /// <summary>The framework restores a value each time that it sets parameters; only the first time it is news.</summary>
    private void Restore(ref string? field, string? value)
    {
        if (!_isShown)
        {
            field = value;
        }
    }

    private async Task RequestAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            if (await Recovery.RequestAsync(Tenant.Required.Id, _address, Visit.Facts, _disposed.Token))
            {
                _problem = null;
                Navigation.NavigateTo(SentAddress);
            }
            else
            {
                _problem = Text["Rejection.AddressMalformed"];
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
