using LoginPortal.Components.Shared;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace LoginPortal.Components.Account;

/// <summary>A page of a signed-in person's own account. Nobody else sees anything of it: they are led to sign in, and back.</summary>
public abstract class AccountPage : PortalPage
{
    /// <summary>Who is signed in; <see langword="null"/> while the browser is on its way elsewhere.</summary>
    private protected SignedInPerson? Person { get; private set; }

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    /// <summary>Where a fresh sign-in is asked for that leads straight back here.</summary>
    protected string StepUpAddress => $"sign-in?prompt=login&returnUrl={Uri.EscapeDataString(Here)}";

    private string Here => Navigation.ToBaseRelativePath(Navigation.Uri);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Person = SessionClaims.Read((await Authentication.GetAuthenticationStateAsync()).User);
        if (Person is { } person)
        {
            await LoadAsync(person.SessionId);
        }
        else
        {
            Leave();
        }
    }

    /// <summary>Reads what the page shows, unless it was handed from the page that was served.</summary>
    /// <param name="sessionId">The session of the person.</param>
    protected abstract Task LoadAsync(Guid sessionId);

    /// <summary>Handles a form of the page, once at a time.</summary>
    /// <param name="work">Is given the session of the person.</param>
    protected Task RunAsync(Func<Guid, Task> work) => OnceAsync(() => Person is { } person ? work(person.SessionId) : Task.CompletedTask);

    /// <summary>Leads to sign in, and back: the session is no longer live.</summary>
    protected void Leave() => Navigation.NavigateTo($"sign-in?returnUrl={Uri.EscapeDataString(Here)}", forceLoad: HttpContext is null);
}
