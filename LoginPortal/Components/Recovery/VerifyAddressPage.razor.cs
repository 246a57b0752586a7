using LoginPortal.Core.Recovery;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Confirming an address by a link, in whatever browser it was opened. Looking spends nothing, the button does; nobody is signed in by it.
/// </summary>
[SignsIn]
public sealed partial class VerifyAddressPage
{
    private string? _token;
    private string? _address;

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

    [SupplyParameterFromQuery(Name = "confirmed")]
    private string? Confirmed { get; set; }

    private bool IsDone => Confirmed is not null;

    private string Heading => Text[IsDone ? "Verify.DoneTitle" : _address is null ? "Verify.InvalidTitle" : "Verify.Title"];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (IsDone || HttpContext is null || Link.MoveOutOfAddress(HttpContext))
        {
            return;
        }

        _token = Link.Read(HttpContext);
        _address = await Verification.FindAddressAsync(Tenant.Required.Id, _token, UntilDisposed);
    }

    private Task ConfirmAsync() => OnceAsync(async () =>
    {
        if (!await Verification.ConfirmAsync(Tenant.Required.Id, _token, Visit.Facts, UntilDisposed))
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
    });
}
