using System.Buffers;

namespace LoginPortal.Api.Http;

/// <summary>The name of a request, for logs on both sides: the client's own where it is sane, else a new one.</summary>
internal sealed class RequestIdentity
{
    public const string Header = "X-Request-Id";
    private const int MaximumLength = 128;

    private static readonly SearchValues<char> Sane =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>The name; set by the pipeline before any endpoint runs.</summary>
    public string Id { get; private set; } = "";

    public void Take(HttpContext context, TimeProvider time)
    {
        var given = context.Request.Headers[Header].ToString();
        Id = given.Length is > 0 and <= MaximumLength && !given.AsSpan().ContainsAnyExcept(Sane)
            ? given
            : Guid.CreateVersion7(time.GetUtcNow()).ToString();
    }
}
