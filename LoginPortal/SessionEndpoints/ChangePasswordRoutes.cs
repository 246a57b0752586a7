using LoginPortal.Core.Tenants;
using LoginPortal.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LoginPortal.SessionEndpoints;

/// <summary>The address at which password managers look for the page that changes a password (W3C, A Well-Known URL for Changing Passwords).</summary>
internal static class ChangePasswordRoutes
{
    public static IEndpointRouteBuilder MapChangePassword(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/.well-known/change-password", Redirect).WithMetadata(new WithoutTenantAttribute());
        return endpoints;
    }

    /// <summary>Where no tenant is known, the start page asks for it.</summary>
    private static RedirectHttpResult Redirect(HttpContext context, TenantContext tenant) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/{(tenant.Current is null ? "" : SessionClaims.Read(context.User) is null ? "forgot-password" : "account/password")}");
}
