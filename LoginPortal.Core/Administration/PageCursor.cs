using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Core.Administration;

/// <summary>A page of a list that is read from beginning to end.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in order.</param>
/// <param name="NextCursor">What to ask for the next page with; <see langword="null"/> after the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>What to ask for the page before with; <see langword="null"/> before the first, and of lists that are only read forward.</summary>
    public string? PreviousCursor { get; init; }

    /// <summary>How many there are in all, as far as they are counted; <see langword="null"/> where nobody asked.</summary>
    public int? Total { get; init; }
}

/// <summary>
/// Where a page ended, as a text that a client hands back. It says nothing that the page did not, and grants nothing: whoever makes up one gets a page
/// of what they may see anyway.
/// </summary>
internal static class PageCursor
{
    public static string Write<T>(T cursor) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(cursor));

    /// <summary>What was written; <see langword="null"/> if this was not.</summary>
    public static T? Read<T>(string text)
        where T : class
    {
        try
        {
            var cursor = JsonSerializer.Deserialize<T>(WebEncoders.Base64UrlDecode(text), JsonSerializerOptions.Strict);
            return text.Length <= 1000 ? cursor : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What comes after every text that begins with <paramref name="prefix"/>, by code points.</summary>
    public static string EndOf(string prefix) => prefix + "\U0010FFFF";
}
