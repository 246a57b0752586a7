namespace LoginPortal.Api.Http;

/// <summary>The error shape of the TenantAuth contract and of everything that belongs to no contract.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorEnvelope(ErrorEnvelope.Body Error)
{
    /// <summary>What went wrong.</summary>
    /// <param name="Code">A stable code for programs, one of <see cref="ErrorCode"/>.</param>
    /// <param name="Message">Words for people.</param>
    /// <param name="RequestId">The request, as in <c>X-Request-Id</c>.</param>
    internal sealed record Body(string Code, string Message, string RequestId);

    public static ErrorEnvelope Create(string code, string message, RequestIdentity identity) => new(new Body(code, message, identity.Id));
}

/// <summary>The codes of <see cref="ErrorEnvelope"/>. Clients compare them: they never change.</summary>
internal static class ErrorCode
{
    public const string BadRequest = "bad_request";
    public const string NotFound = "not_found";
    public const string TenantNotFound = "tenant_not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string BodyTooLarge = "body_too_large";
    public const string MediaTypeNotSupported = "media_type_not_supported";
    public const string Unavailable = "unavailable";
    public const string InternalError = "internal_error";

    /// <summary>The code and the words for a status that no endpoint answered itself.</summary>
    public static (string Code, string Message) Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => (NotFound, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => (MethodNotAllowed, "This address does not take this method."),
        StatusCodes.Status413PayloadTooLarge => (BodyTooLarge, "The body is larger than 64 KiB."),
        StatusCodes.Status415UnsupportedMediaType => (MediaTypeNotSupported, "The body must be application/json."),
        StatusCodes.Status503ServiceUnavailable => (Unavailable, "The service cannot answer just now. Try again shortly."),
        >= StatusCodes.Status500InternalServerError => (InternalError, "Something went wrong here. It has been noted."),
        _ => (BadRequest, "The request could not be understood."),
    };
}
