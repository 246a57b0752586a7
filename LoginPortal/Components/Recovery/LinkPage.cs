using LoginPortal.Components.Shared;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Recovery;

/// <summary>
/// A page that a mailed link leads to. The link's token leaves the address at once; looking spends nothing, the button does. A circuit gets the
/// token from the page that was served, where it travels encrypted.
/// </summary>
public abstract class LinkPage : PortalPage
{
    private string? _token;

    /// <summary>The link's token; restored in the circuit, which has no cookies.</summary>
    [PersistentState]
    public string? Token { get => _token; set => Restore(ref _token, value); }

    [Inject]
    private protected LinkToken Link { get; set; } = default!;

    /// <summary>Whether the page tells that what the link was for has been done, and needs none.</summary>
    protected virtual bool IsDone => false;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!IsDone && HttpContext is not null && !Link.MoveOutOfAddress(HttpContext))
        {
            _token = Link.Read(HttpContext);
            await FindAsync();
        }
    }

    /// <summary>Looks at what the link is for; it may not work any longer.</summary>
    protected abstract Task FindAsync();

    /// <summary>
    /// Leaves for where it goes on, once the link is spent: a page of its own, because going back to this one must ask the server whether the link
    /// still works.
    /// </summary>
    protected void LeaveFor(string address)
    {
        if (HttpContext is not null)
        {
            Link.Forget(HttpContext);
        }

        Navigation.NavigateTo(address, forceLoad: HttpContext is null);
    }
}
