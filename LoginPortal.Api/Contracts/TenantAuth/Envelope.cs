using System.ComponentModel.DataAnnotations;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The envelope of every successful answer.</summary>
/// <param name="Data">The answer.</param>
/// <param name="Meta">About the answer.</param>
internal sealed record Envelope<T>([property: Required] T Data, Meta Meta);

/// <summary>About an answer.</summary>
/// <param name="RequestId">The request, as in <c>X-Request-Id</c>.</param>
/// <param name="Timestamp">When it was answered, UTC.</param>
internal sealed record Meta(string? RequestId, DateTimeOffset Timestamp);

/// <summary>Puts answers into envelopes.</summary>
internal sealed class Envelopes(RequestIdentity identity, TimeProvider time)
{
    /// <summary>The answer 200.</summary>
    public IResult Ok<T>(T data) => TypedResults.Ok(new Envelope<T>(data, new Meta(identity.Id, time.GetUtcNow())));
}
