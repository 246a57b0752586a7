using LoginPortal.Core.Administration;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Administration.Activity;

/// <summary>The security events of a tenant. What is filtered by, and the page, are in the address.</summary>
public sealed partial class AuditPage
{
    private const int PageSize = 50;

    private AuditFilter _filter = new();
    private AuditView? _page;
    private string? _shown;
    private bool _isLoading;

    [Inject]
    private AuditTrail Trail { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "kind")]
    private string? WantedKind { get; set; }

    [SupplyParameterFromQuery(Name = "person")]
    private string? WantedPerson { get; set; }

    [SupplyParameterFromQuery(Name = "as")]
    private string? WantedAs { get; set; }

    [SupplyParameterFromQuery(Name = "outcome")]
    private string? WantedOutcome { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? WantedSince { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    private string? WantedUntil { get; set; }

    [SupplyParameterFromQuery(Name = "ip")]
    private string? WantedIpAddress { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? WantedCursor { get; set; }

    private AuditFilter Shown => AuditFilter.Read(WantedKind, WantedPerson, WantedAs, WantedOutcome, WantedSince, WantedUntil, WantedIpAddress);

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        (_filter, _shown, _isLoading) = (Shown, Shown.AddressOf(WantedCursor), true);
        var query = _filter.Query with { PageSize = PageSize };
        if (TryTake(await Trail.ShowAsync(Session, query with { Cursor = WantedCursor }, _filter.WantedPerson, UntilDisposed), out var page))
        {
            _page = page.IsCursorUnknown && TryTake(await Trail.ShowAsync(Session, query, _filter.WantedPerson, UntilDisposed), out var first) ? first : page;
        }

        _isLoading = false;
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown is not null && _shown != Shown.AddressOf(WantedCursor) && Refusal is null)
        {
            await LoadAsync();
        }
    }

    private void Search() => Navigation.NavigateTo(_filter.AddressOf(cursor: null));
}
