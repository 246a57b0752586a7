using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// The form of a tenant's name in addresses: 1 to 40 lower-case ASCII letters, digits and inner hyphens. The form is
/// narrow because the slug is also part of cookie names.
/// </summary>
public static class TenantSlug
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The tenant of the people who operate the portal itself.</summary>
    public const string Platform = "platform";

    /// <summary>Whether <paramref name="value"/> has the form of a slug.</summary>
    public static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= 40 }
        && value[0] != '-'
        && value[^1] != '-'
        && !value.AsSpan().ContainsAnyExcept(Characters);
}
