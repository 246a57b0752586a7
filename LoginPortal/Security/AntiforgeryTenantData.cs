using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Antiforgery;

namespace LoginPortal.Security;

/// <summary>Writes the tenant into antiforgery tokens, so that one of one tenant means nothing in another.</summary>
internal sealed class AntiforgeryTenantData : IAntiforgeryAdditionalDataProvider
{
    public string GetAdditionalData(HttpContext context) => TenantOf(context);

    public bool ValidateAdditionalData(HttpContext context, string additionalData) =>
        string.Equals(additionalData, TenantOf(context), StringComparison.Ordinal);

    private static string TenantOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<TenantContext>().Current?.Id.ToString("N") ?? "none";
}
