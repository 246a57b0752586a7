using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// Turns a handoff ticket into the browser's session cookie. The one place where a person becomes signed in, for a form that
/// was posted and for a circuit alike.
/// </summary>
internal sealed class SessionHandoff(SessionService sessions, BrowserAccounts accounts, TenantContext tenant)
{
    /// <summary>Redeems the ticket and sets the cookie.</summary>
    /// <returns>
    /// Where the person goes, relative to the tenant; <see langword="null"/> if the ticket is not this browser's to redeem, or no longer.
    /// </returns>
    public async Task<string?> RedeemAsync(HttpContext context, string ticket, string? returnUrl, CancellationToken cancellationToken)
    {
        var facts = context.RequestServices.GetRequiredService<PortalVisit>().Facts;
        var bindingHash = BrowserBinding.Ensure(context, tenant.Required);
        var redeemed = await accounts.SignInAsync(
            context, present => sessions.RedeemAsync(ticket, bindingHash, present, facts, cancellationToken), cancellationToken);
        if (redeemed is null)
        {
            return null;
        }

        if (redeemed.TrustedDevice is { } device)
        {
            TrustedDeviceCookie.Write(context, tenant.Required, device);
        }

        return NextAfter(context, redeemed, ReturnUrl.Check(returnUrl) ?? "");
    }

    /// <summary>Where a signed-in person goes: inside the tenant, and nowhere that <see cref="ReturnUrl"/> does not let through.</summary>
    public static string DestinationOf(string? returnUrl) => ReturnUrl.Check(returnUrl) ?? "./";

    /// <summary>
    /// Whoever signed in without one and could have a passkey here is offered one on the way, unless they are in the middle of something: a fresh
    /// sign-in that an account page asked for.
    /// </summary>
    private string NextAfter(HttpContext context, RedeemedSession session, string destination)
    {
        if (session.AuthenticationMethods.Any(method => method is AuthenticationMethod.HardwareKey or AuthenticationMethod.SoftwareKey))
        {
            DevicePasskeyCookie.NotePresent(context, tenant.Required, session.UserId);
            return destination;
        }

        return tenant.Required.Policy.AllowPasskeys
            && !destination.StartsWith("account/", StringComparison.Ordinal)
            && DevicePasskeyCookie.Offers(context, tenant.Required, session.UserId)
            ? $"account/passkeys/offer?returnUrl={Uri.EscapeDataString(destination)}"
            : destination;
    }
}
