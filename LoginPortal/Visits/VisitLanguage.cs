using System.Security.Claims;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Visits;

/// <summary>
/// Chooses the language of a page: what the address asks for (<c>ui_locales</c>, OpenID Connect Core 3.1.2.1), then what was
/// chosen before in this browser, then the signed-in person's setting, then what the browser prefers, then the tenant's first.
/// </summary>
internal static class VisitLanguage
{
    /// <summary>The query parameter.</summary>
    public const string QueryParameter = "ui_locales";

    private const string CookieName = "__Host-portal.language";

    public static string Choose(HttpContext context, TenantProfile? tenant)
    {
        var offered = Offered(tenant);
        if (Match(context.Request.Query[QueryParameter].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries), offered) is { } asked)
        {
            context.Response.Cookies.Append(CookieName, asked, new CookieOptions
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
            });
            return asked;
        }

        var preferred = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString());
        return Match([context.Request.Cookies[CookieName] ?? ""], offered)
            ?? Match([context.User.FindFirstValue("locale") ?? ""], offered)
            ?? Match(preferred, offered)
            ?? offered[0];
    }

    /// <summary>The languages of <paramref name="tenant"/> that there are words for, the default first.</summary>
    public static IReadOnlyList<string> Offered(TenantProfile? tenant)
    {
        var offered = (tenant?.Policy.Languages ?? []).Where(TextCatalog.Languages.Contains).ToList();
        return offered.Count > 0 ? offered : TextCatalog.Languages;
    }

    /// <summary>The first wanted language that is offered, region and script aside (RFC 4647, 3.4).</summary>
    private static string? Match(IEnumerable<string> wanted, IReadOnlyList<string> offered) => wanted
        .Select(tag => tag.Split('-')[0])
        .Select(language => offered.FirstOrDefault(o => string.Equals(o, language, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(match => match is not null);
}
