using LoginPortal.Core.Tenants;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Shared;

/// <summary>
/// A page that works before, without and in its circuit: what every such page needs to know, and its two habits. A form is handled once
/// at a time, and a value that was handed from the served page to the circuit is taken once.
/// </summary>
public abstract class PortalPage : CancellableComponent
{
    private bool _isInitialized;

    /// <summary>Who is looking, and from where.</summary>
    [Inject]
    protected PortalVisit Visit { get; set; } = default!;

    /// <summary>The words, in the page's language.</summary>
    [Inject]
    private protected PortalText Text { get; set; } = default!;

    /// <summary>The tenant whose page it is.</summary>
    [Inject]
    protected TenantContext Tenant { get; set; } = default!;

    /// <summary>Leads elsewhere.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>The request that the page answers; <see langword="null"/> in a circuit.</summary>
    [CascadingParameter]
    protected HttpContext? HttpContext { get; set; }

    /// <summary>Whether a form is being handled.</summary>
    protected bool Busy { get; private set; }

    /// <inheritdoc />
    protected override void OnInitialized() => _isInitialized = true;

    /// <summary>For the setter of a persisted value: the framework restores it each time that it sets parameters, and only the first time it is news.</summary>
    protected void Restore<T>(ref T field, T value)
    {
        if (!_isInitialized)
        {
            field = value;
        }
    }

    /// <summary>Handles a form, unless one is being handled already: a second click is the same wish.</summary>
    protected async Task OnceAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Busy)
        {
            return;
        }

        Busy = true;
        try
        {
            await work();
        }
        finally
        {
            Busy = false;
        }
    }
}
