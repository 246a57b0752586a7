using LoginPortal.Components.Shared;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace LoginPortal.Components.Administration;

/// <summary>
/// A page for administrators. What it shows and does, it asks of Core, which looks at the person's role and at how fresh their sign-in is each
/// time; this class turns a refusal into what the person has to do.
/// </summary>
public abstract class AdministrationPage : PortalPage
{
    private SignedInPerson? _person;

    /// <summary>Why there is nothing to see; <see langword="null"/> while there is no reason.</summary>
    internal AdministrationRefusal? Refusal { get; private set; }

    /// <summary>
    /// Whether something was shown before the refusal. It stays then, with what was typed: only a page that has shown nothing gives way.
    /// </summary>
    internal bool HasAnswered { get; private set; }

    /// <summary>Where a fresh sign-in leads back to: this page.</summary>
    internal string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    /// <summary>Who asks.</summary>
    protected AdministratorSession Session => new(Tenant.Required.Id, _person!.SessionId, Visit.Facts);

    /// <summary>The administrator's own account.</summary>
    protected Guid OwnId => _person!.UserId;

    /// <summary>What they could do when the page was opened; Core asks anew each time.</summary>
    protected PortalRole OwnRole => _person!.Role;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _person = SessionClaims.Read((await Authentication.GetAuthenticationStateAsync()).User);
        if (_person is null)
        {
            Leave();
        }
        else
        {
            await LoadAsync();
        }
    }

    /// <summary>Fetches what the page shows, as <see cref="Session"/>. At least this must be asked of Core: it is what lets nobody else in.</summary>
    protected abstract Task LoadAsync();

    /// <summary>The answer, or else the reason why there is none takes the place of the page.</summary>
    /// <param name="result">What Core said.</param>
    /// <param name="answer">The answer.</param>
    protected bool TryTake<T>(AdministrationResult<T> result, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? answer)
    {
        switch (result)
        {
            case AdministrationResult<T>.Answered { Value: { } value }:
                (Refusal, HasAnswered, answer) = (null, true, value);
                return true;
            case AdministrationResult<T>.Refused(AdministrationRefusal.SignedOut):
                Leave();
                break;
            case AdministrationResult<T>.Refused(var reason):
                Refusal = reason;
                if (HttpContext is not null)
                {
                    HttpContext.Response.StatusCode = StatusCodes.Status403Forbidden;
                }

                break;
        }

        answer = default;
        return false;
    }

    private void Leave() => Navigation.NavigateTo($"sign-in?returnUrl={Uri.EscapeDataString(Address)}", forceLoad: HttpContext is null);
}
