using LoginPortal.Core.Recovery;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// Confirming an address by a link, in whatever browser it was opened. Looking spends nothing, the button does; nobody is signed in by it.
/// </summary>
[SignsIn]
public sealed partial class VerifyAddressPage
{
    private string? _address;

    /// <summary>The address that the link confirms, while it works; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public string? Address { get => _address; set => Restore(ref _address, value); }

    [Inject]
    private AddressVerification Verification { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "confirmed")]
    private string? Confirmed { get; set; }

    /// <inheritdoc />
    protected override bool IsDone => Confirmed is not null;

    private string Heading => Text[IsDone ? "Verify.DoneTitle" : _address is null ? "Verify.InvalidTitle" : "Verify.Title"];

    /// <inheritdoc />
    protected override async Task FindAsync() =>
        _address = await Verification.FindAddressAsync(Tenant.Required.Id, Token, UntilDisposed);

    private Task ConfirmAsync() => OnceAsync(async () =>
    {
        if (await Verification.ConfirmAsync(Tenant.Required.Id, Token, Visit.Facts, UntilDisposed))
        {
            LeaveFor("verify-address?confirmed=true");
        }
        else
        {
            _address = null;
        }
    });
}
