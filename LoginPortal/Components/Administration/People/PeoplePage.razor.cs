using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Components.Administration.People;

/// <summary>
/// The people of a tenant. What is searched for, the filters, the order and the page are in the address, so that back, reload and a bookmark show the same.
/// </summary>
public sealed partial class PeoplePage
{
    private const int PageSize = 25;

    private Page<AccountSummary>? _page;
    private string? _search;
    private string? _state;
    private string? _role;
    private string? _shown;
    private bool _isLoading = true;

    [Inject]
    private AccountDirectory Directory { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "q")]
    private string? WantedSearch { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? WantedState { get; set; }

    [SupplyParameterFromQuery(Name = "role")]
    private string? WantedRole { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? WantedSort { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    private string? WantedOrder { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? WantedCursor { get; set; }

    private AccountSort Sorting => ParseEnum<AccountSort>(WantedSort) ?? AccountSort.Address;

    private bool IsDescending => WantedOrder == "desc";

    private bool IsFiltered => !string.IsNullOrWhiteSpace(WantedSearch) || ParseEnum<AccountState>(WantedState) is not null || ParseEnum<PortalRole>(WantedRole) is not null;

    private string Wanted => string.Join('\n', WantedSearch, WantedState, WantedRole, WantedSort, WantedOrder, WantedCursor);

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        (_shown, _isLoading) = (Wanted, true);
        (_search, _state, _role) = (WantedSearch, ParseEnum<AccountState>(WantedState)?.ToString(), ParseEnum<PortalRole>(WantedRole)?.ToString());
        var query = new AccountQuery
        {
            Search = WantedSearch,
            State = ParseEnum<AccountState>(WantedState),
            Role = ParseEnum<PortalRole>(WantedRole),
            Sort = Sorting,
            IsDescending = IsDescending,
            IsCounted = true,
            PageSize = PageSize,
        };
        var result = await Directory.ListAsync(Session, query with { Cursor = WantedCursor }, UntilDisposed);
        if (result is AdministrationResult<Page<AccountSummary>?>.Answered { Value: null })
        {
            // A cursor that somebody made up, or of another order: the list begins at its beginning.
            result = await Directory.ListAsync(Session, query, UntilDisposed);
        }

        if (TryTake(result, out var page))
        {
            _page = page;
        }

        _isLoading = false;
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown is not null && _shown != Wanted && Refusal is null)
        {
            Outcome = null;
            await LoadAsync();
        }
    }

    private void Search() => Navigation.NavigateTo(AddressOf(Sorting, IsDescending, cursor: null));

    private void FilterAsync(Action change)
    {
        change();
        Search();
    }

    /// <summary>The address of a page of what is searched for now, in some order.</summary>
    private string AddressOf(AccountSort sort, bool isDescending, string? cursor)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["q"] = Trimmed(_search),
            ["state"] = Trimmed(_state),
            ["role"] = Trimmed(_role),
            ["sort"] = sort == AccountSort.Address ? null : sort.ToString(),
            ["order"] = isDescending ? "desc" : null,
            ["from"] = cursor,
        };
        return QueryHelpers.AddQueryString("admin/people", query.Where(pair => pair.Value is not null));
    }

    private RenderFragment SortLink(AccountSort sort, string words) => builder =>
    {
        if (!string.IsNullOrWhiteSpace(WantedSearch))
        {
            // What is searched for comes in the order in which it matches.
            builder.AddContent(0, Text[words]);
            return;
        }

        var isShown = sort == Sorting;
        builder.OpenElement(1, "a");
        builder.AddAttribute(2, "class", "sort-link");
        builder.AddAttribute(3, "href", AddressOf(sort, isShown ? !IsDescending : sort is AccountSort.Created or AccountSort.LastSignIn, cursor: null));
        builder.AddContent(4, Text[words]);
        if (isShown)
        {
            // The grid says which column is sorted only where it sorts by itself.
            builder.OpenElement(5, "span");
            builder.AddAttribute(6, "aria-hidden", "true");
            builder.AddContent(7, IsDescending ? " ↓" : " ↑");
            builder.CloseElement();
            builder.OpenElement(8, "span");
            builder.AddAttribute(9, "class", "visually-hidden");
            builder.AddContent(10, Text[IsDescending ? "People.Descending" : "People.Ascending"]);
            builder.CloseElement();
        }

        builder.CloseElement();
    };

    private string CountOf(Page<AccountSummary> page) => page.Total > AccountDirectory.CountedUpTo
        ? Text.Format("People.CountMore", AccountDirectory.CountedUpTo)
        : Text.Plural("People.Count", page.Total ?? page.Items.Count);

    private string DayOf(DateTimeOffset instant) => instant.ToString("d", Text.Culture);

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static T? ParseEnum<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}
