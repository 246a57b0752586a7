using LoginPortal.Core.OpenId;

namespace LoginPortal.OpenId;

/// <summary>Reads requests of clients.</summary>
internal static class OpenIdRequest
{
    public static RequestParameters Query(HttpContext context) =>
        new(context.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<string?>)[.. pair.Value])));

    /// <summary>The form; empty where there is none that can be read.</summary>
    public static async Task<RequestParameters> FormAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The media type decides: a multipart form has parts that no client sends (OAuth 2.1, 3.2.2).
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return new([]);
        }

        try
        {
            var form = await context.Request.ReadFormAsync(cancellationToken);
            return new(form.Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<string?>)[.. pair.Value])));
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return new([]);
        }
    }

    /// <summary>The one value of a header; several count as one that cannot hold.</summary>
    public static string? Header(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var values) ? values is [var only] ? only : "" : null;
}
