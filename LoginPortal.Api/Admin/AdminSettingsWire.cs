using System.ComponentModel;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>The settings of a tenant.</summary>
/// <param name="Slug">The name in its address.</param>
/// <param name="Hosts">Its own hosts that are verified, the one that links use first.</param>
/// <param name="DisplayName">What people call the organisation.</param>
/// <param name="RedirectUris">The addresses that clients may be sent back to; the first is the default.</param>
/// <param name="AllowedOrigins">The origins whose scripts may call this host (CORS) and use passkeys.</param>
/// <param name="Captcha">How machines are kept from opening accounts.</param>
/// <param name="Version">Stands for exactly this state; handed back with a change, it has the change refused if somebody was faster.</param>
internal sealed record AdminSettingsResponse(
    string Slug,
    IReadOnlyList<string> Hosts,
    string DisplayName,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> AllowedOrigins,
    CaptchaKind Captcha,
    string Version)
{
    public static AdminSettingsResponse Of(TenantSettingsView view) => new(
        view.Slug,
        view.Hosts,
        view.Document.DisplayName,
        view.Document.Policy.RedirectUris,
        view.Document.AllowedOrigins,
        view.Document.Policy.Registration.Captcha,
        view.Version);
}

/// <summary>Change settings: what is left out stays, <c>null</c> is the default again.</summary>
internal sealed record AdminSettingsPatch
{
    public string? DisplayName { get; init; }

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    public CaptchaKind Captcha { get; init; } = new RegistrationPolicy().Captcha;

    [Description("From the settings that were read; the change is refused if they are others by now. Without it, the last change counts.")]
    public string? Version { get; init; }

    public static AdminSettingsPatch Of(TenantDocument document) => new()
    {
        DisplayName = document.DisplayName,
        RedirectUris = document.Policy.RedirectUris,
        AllowedOrigins = document.AllowedOrigins,
        Captcha = document.Policy.Registration.Captcha,
    };

    public TenantDocument ToDocument(TenantDocument present) => present with
    {
        DisplayName = DisplayName ?? "",
        AllowedOrigins = AllowedOrigins,
        Policy = present.Policy with
        {
            RedirectUris = RedirectUris,
            Registration = present.Policy.Registration with { Captcha = Captcha },
        },
    };
}
