namespace LoginPortal.Api.Http;

/// <summary>Says what an endpoint answers, for the documents that describe it.</summary>
internal static class Described
{
    /// <summary>The answer of a call that succeeds.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint) => endpoint.Produces<T>(StatusCodes.Status200OK);

    /// <summary>The refusals, in the shape of a contract. A malformed request, an overlong body and a wrong media type go without saying.</summary>
    public static RouteHandlerBuilder Refuses<TError>(this RouteHandlerBuilder endpoint, params IEnumerable<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(TError), ["application/json"]));
        }

        return endpoint;
    }
}
