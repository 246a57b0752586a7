using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// Turns a handoff ticket into the browser's session cookie. The one place where a person becomes signed in, for a form that
/// was posted and for a circuit alike.
/// </summary>
internal sealed class SessionHandoff(SessionService sessions, TenantContext tenant)
{
    /// <summary>Redeems the ticket and sets the cookie.</summary>
    /// <returns><see langword="false"/> if the ticket is not this browser's to redeem, or no longer.</returns>
    public async Task<bool> RedeemAsync(HttpContext context, string ticket, CancellationToken cancellationToken)
    {
        var facts = context.RequestServices.GetRequiredService<PortalVisit>().Facts;
        var bindingHash = BrowserBinding.Ensure(context, tenant.Required);
        var present = SessionClaims.Read(context.User);
        var redeemed = await sessions.RedeemAsync(ticket, bindingHash, present?.SessionId, facts, cancellationToken);
        if (redeemed is null)
        {
            return false;
        }

        if (redeemed.TrustedDevice is { } device)
        {
            TrustedDeviceCookie.Write(context, tenant.Required, device);
        }

        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            SessionCookieEvents.Hold(redeemed.Token),
            new AuthenticationProperties { IsPersistent = redeemed.IsRemembered, ExpiresUtc = redeemed.ExpiresAt });
        return true;
    }

    /// <summary>Where a signed-in person goes: inside the tenant, and nowhere that <see cref="ReturnUrl"/> does not let through.</summary>
    public static string DestinationOf(string? returnUrl) => ReturnUrl.Check(returnUrl) ?? "./";
}
