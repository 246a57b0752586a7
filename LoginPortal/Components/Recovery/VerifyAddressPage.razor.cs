using LoginPortal.Core.Recovery;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Confirming an address by a link, in whatever browser it was opened. Looking spends nothing, the button does; nobody is signed in by it.
/// </summary>
[SignsIn]
public sealed partial class VerifyAddressPage : IDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private string? _token;
    private string? _address;
    private bool _busy;
    private bool _isShown;

    /// <summary>The link's token; restored in the circuit, which has no cookies.</summary>
    [PersistentState]
    public string? Token { get => _token; set => Restore(ref _token, value); }

    /// <summary>The address that it confirms, while the link works; likewise restored.</summary>
    [PersistentState]
    public string? Address { get => _address; set => Restore(ref _address, value); }

    [Inject]
    private AddressVerification Verification { get; set; } = default!;

    [Inject]
    private LinkToken Link { get; set; } = default!;

    [Inject]
    private PortalVisit Visit { get; set; } = default!;

    [Inject]
    private PortalText Text { get; set; } = default!;

    [Inject]
    private TenantContext Tenant { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    [SupplyParameterFromQuery(Name = "confirmed")]
    private string? Confirmed { get; set; }

    private bool IsDone => Confirmed is not null;

    private string Heading => Text[IsDone ? "Verify.DoneTitle" : _address is null ? "Verify.InvalidTitle" : "Verify.Title"];

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
        if (!isFirst || IsDone || HttpContext is null || Link.MoveOutOfAddress(HttpContext))
        {
            return;
        }

        _token = Link.Read(HttpContext);
        _address = await Verification.FindAddressAsync(Tenant.Required.Id, _token, _disposed.Token);
    }

    /// <summary>The framework restores a value each time that it sets parameters; only the first time it is news.</summary>
    private void Restore(ref string? field, string? value)
    {
        if (!_isShown)
        {
            field = value;
        }
    }

    private async Task ConfirmAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            if (!await Verification.ConfirmAsync(Tenant.Required.Id, _token, Visit.Facts, _disposed.Token))
            {
                _address = null;
                return;
            }

            if (HttpContext is not null)
            {
                Link.Forget(HttpContext);
            }

            // A page of its own: going back to this one must ask the server whether the link still works.
            Navigation.NavigateTo("verify-address?confirmed=true", forceLoad: HttpContext is null);
        }
        finally
        {
            _busy = false;
        }
    }
}
