using LoginPortal.Core.Tenants;

namespace LoginPortal.Visits;

/// <summary>
/// What is known of passkeys on this device, so that a passkey is offered to whoever can have one, has none here and has not been asked
/// for a while. It decides nothing else.
/// </summary>
internal static class DevicePasskeyCookie
{
    /// <summary>How many days "do not ask" lasts.</summary>
    public const int LaterDays = 30;

    private const string Name = "__Host-portal.passkeys";
    private const string Capable = "can";
    private const int HasDays = 400;

    /// <summary>Notes that the device can have passkeys, where nothing is known yet.</summary>
    public static void NoteCapable(HttpContext context, TenantProfile tenant)
    {
        if (Read(context, tenant) is null)
        {
            Write(context, tenant, Capable, lifetime: null);
        }
    }

    /// <summary>Notes that the person has a passkey here.</summary>
    public static void NotePresent(HttpContext context, TenantProfile tenant, Guid userId) =>
        Write(context, tenant, $"has.{userId:N}", TimeSpan.FromDays(HasDays));

    /// <summary>Notes that the person does not want to be asked for a while.</summary>
    public static void NoteLater(HttpContext context, TenantProfile tenant, Guid userId) =>
        Write(context, tenant, $"later.{userId:N}", TimeSpan.FromDays(LaterDays));

    /// <summary>Whether to offer the person a passkey: not to a device that has not said that it can have one.</summary>
    public static bool Offers(HttpContext context, TenantProfile tenant, Guid userId) =>
        Read(context, tenant) is { } value && !value.EndsWith($".{userId:N}", StringComparison.Ordinal);

    private static string? Read(HttpContext context, TenantProfile tenant) => context.Request.Cookies[TenantCookieName.For(Name, tenant)];

    private static void Write(HttpContext context, TenantProfile tenant, string value, TimeSpan? lifetime) => context.Response.Cookies.Append(
        TenantCookieName.For(Name, tenant),
        value,
        new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
            MaxAge = lifetime,
        });
}
