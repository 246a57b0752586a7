using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Components;

internal static class Navigation
{
    /// <summary>Where the page has led its visitor.</summary>
    public static BunitNavigationManager GetNavigation(this IServiceProvider services) =>
        (BunitNavigationManager)services.GetRequiredService<NavigationManager>();
}
