using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// The accounts of a tenant that one browser is signed in to. The current one has the session cookie; each other one has a cookie of the same kind in a
/// place of its own, with its own life. Switching moves the cookies' contents; the sessions themselves know nothing of each other.
/// </summary>
internal sealed class BrowserAccounts(
    SessionService sessions, TenantContext tenant, PortalVisit visit, IOptionsMonitor<CookieAuthenticationOptions> options)
{
    /// <summary>The most accounts of a tenant in one browser; a further one ends the one that was used the longest time ago.</summary>
    public const int Maximum = 5;

    /// <summary>Whether the browser has a cookie of any account, good or not.</summary>
    public static bool HasCookie(HttpContext context, TenantProfile tenant) =>
        context.Request.Cookies.Count > 0
        && Places.Prepend(CookieNames.Session).Any(place => context.Request.Cookies.ContainsKey(TenantCookieName.For(place, tenant)));

    /// <summary>The accounts, the current one first and then the last used. Looking does not count as use.</summary>
    public async Task<IReadOnlyList<BrowserAccount>> ListAsync(HttpContext context, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(context, cancellationToken)).Select(held => held.Account)];

    /// <summary>Makes an account that is signed in here the current one.</summary>
    /// <returns>The account, which is not live if the person must sign in again first; <see langword="null"/> if it is not known here.</returns>
    public async Task<BrowserAccount?> SwitchAsync(HttpContext context, Guid userId, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(context, cancellationToken);
        var wanted = all.FirstOrDefault(held => held.Account.UserId == userId);
        if (wanted is { Account: { IsLive: true, IsCurrent: false } })
        {
            Write(context, CookieNames.Session, wanted.Cookie);
            if (all.FirstOrDefault(held => held.Place == CookieNames.Session) is { } current)
            {
                Write(context, wanted.Place, current.Cookie);
            }
            else
            {
                Delete(context, wanted.Place);
            }
        }

        return wanted?.Account;
    }

    /// <summary>
    /// Signs in: puts the current account aside where it is another person's, and gives the new one the session cookie. An account of the same person makes
    /// room for it; above <see cref="Maximum"/> the one that was used the longest time ago ends.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="redeem">Redeems the ticket, given the sessions that are here; <see langword="null"/> if that fails, and nothing is written then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RedeemedSession?> SignInAsync(
        HttpContext context, Func<IReadOnlyCollection<Guid>, Task<RedeemedSession?>> redeem, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(context, cancellationToken);
        if (await redeem([.. before.Select(held => held.Account.SessionId)]) is not { } redeemed)
        {
            return null;
        }

        var others = before.Where(held => held.Account.UserId != redeemed.UserId).ToList();
        foreach (var tooMany in others.Skip(Maximum - 1))
        {
            await sessions.EndAsync(tooMany.Account.SessionId, SessionEndReason.Replaced, visit.Facts, cancellationToken);
        }

        var kept = others.Take(Maximum - 1).ToList();
        List<string> free = [.. Places.Except(kept.Select(held => held.Place), StringComparer.Ordinal)];
        if (kept.Find(held => held.Place == CookieNames.Session) is { } current)
        {
            Write(context, free[0], current.Cookie);
            free.RemoveAt(0);
        }

        foreach (var place in free.Where(place => IsHeld(context, place)))
        {
            Delete(context, place);
        }

        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            SessionCookieEvents.Hold(redeemed.Token),
            new AuthenticationProperties { IsPersistent = redeemed.IsRemembered, ExpiresUtc = redeemed.ExpiresAt });
        return redeemed;
    }

    /// <summary>Signs out of one account.</summary>
    public async Task SignOutAsync(HttpContext context, Guid userId, CancellationToken cancellationToken)
    {
        foreach (var held in (await ReadAsync(context, cancellationToken)).Where(held => held.Account.UserId == userId))
        {
            await sessions.EndAsync(held.Account.SessionId, SessionEndReason.SignedOut, visit.Facts, cancellationToken);
            Delete(context, held.Place);
        }
    }

    /// <summary>Signs out of all accounts, and leaves no cookie of any.</summary>
    public async Task SignOutOfAllAsync(HttpContext context, CancellationToken cancellationToken)
    {
        foreach (var held in await ReadAsync(context, cancellationToken))
        {
            await sessions.EndAsync(held.Account.SessionId, SessionEndReason.SignedOut, visit.Facts, cancellationToken);
        }

        foreach (var place in Places.Prepend(CookieNames.Session).Where(place => IsHeld(context, place)))
        {
            Delete(context, place);
        }
    }

    /// <summary>The names of the cookies beside the current one's.</summary>
    private static IEnumerable<string> Places => Enumerable.Range(1, Maximum - 1).Select(number => $"{CookieNames.Session}-{number}");

    private async Task<IReadOnlyList<Held>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var cookies = ReadCookies(context);
        var found = await sessions.ListAsync([.. cookies.Select(cookie => cookie.Token)], cancellationToken);
        return
        [
            .. found
                .Select(session => (Session: session, Cookie: cookies.First(cookie => cookie.Token == session.Token)))
                .Select(pair => new Held(pair.Cookie.Place, pair.Cookie, new BrowserAccount(
                    pair.Session.UserId,
                    pair.Session.Id,
                    pair.Session.Email,
                    pair.Session.DisplayName,
                    pair.Session.LastSeenAt,
                    pair.Session.IsLive,
                    IsCurrent: pair.Session.IsLive && pair.Cookie.Place == CookieNames.Session)))
                .OrderByDescending(held => held.Account.IsCurrent)
                .ThenByDescending(held => held.Account.LastSeenAt)
                .DistinctBy(held => held.Account.UserId),
        ];
    }

    private List<HeldCookie> ReadCookies(HttpContext context) =>
        [.. Places.Prepend(CookieNames.Session).Select(place => Read(context, place)).OfType<HeldCookie>()];

    private bool IsHeld(HttpContext context, string place) => context.Request.Cookies.ContainsKey(TenantCookieName.For(place, tenant.Required));

    private HeldCookie? Read(HttpContext context, string place)
    {
        var handler = options.Get(CookieAuthenticationDefaults.AuthenticationScheme);
        return tenant.Current is { } current
            && context.Request.Cookies[TenantCookieName.For(place, current)] is { Length: > 0 } value
            && handler.TicketDataFormat.Unprotect(value) is { } ticket
            && SessionCookieEvents.TokenOf(ticket.Principal) is { } token
                ? new HeldCookie(place, value, token, ticket.Properties)
                : null;
    }

    private void Write(HttpContext context, string place, HeldCookie cookie) => context.Response.Cookies.Append(
        TenantCookieName.For(place, tenant.Required),
        cookie.Value,
        OptionsWith(cookie.Properties.IsPersistent ? cookie.Properties.ExpiresUtc : null));

    private void Delete(HttpContext context, string place) =>
        context.Response.Cookies.Delete(TenantCookieName.For(place, tenant.Required), OptionsWith(expires: null));

    private static CookieOptions OptionsWith(DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
        Expires = expires,
    };

    private sealed record HeldCookie(string Place, string Value, string Token, AuthenticationProperties Properties);

    private sealed record Held(string Place, HeldCookie Cookie, BrowserAccount Account);
}

/// <summary>An account that a browser is signed in to, or was and may be offered again.</summary>
/// <param name="UserId">The person.</param>
/// <param name="SessionId">Their session here.</param>
/// <param name="Email">Their address.</param>
/// <param name="DisplayName">The name to greet them by.</param>
/// <param name="LastSeenAt">When the session was last used, UTC.</param>
/// <param name="IsLive">Whether they are signed in; if not, they wanted to be remembered here and must sign in again.</param>
/// <param name="IsCurrent">Whether it is the account that pages show.</param>
public sealed record BrowserAccount(
    Guid UserId, Guid SessionId, string Email, string DisplayName, DateTimeOffset LastSeenAt, bool IsLive, bool IsCurrent);
