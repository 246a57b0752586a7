using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;

namespace LoginPortal.Components.Layout;

/// <summary>
/// The address that the browser shows. The navigation manager knows it in a circuit; while a request is answered it may know
/// that of the page which tells of an error instead.
/// </summary>
internal static class PageAddress
{
    public static string Of(NavigationManager navigation, HttpContext? context) =>
        context?.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target && target.StartsWith('/')
            ? $"{context.Request.Scheme}://{context.Request.Host}{target}"
            : navigation.Uri;
}
