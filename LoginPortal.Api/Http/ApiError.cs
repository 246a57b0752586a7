namespace LoginPortal.Api.Http;

/// <summary>
/// A refusal, before it has the shape of a contract: each contract writes it in its own. As a result of an endpoint it writes itself.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code for programs. Clients compare it: it never changes.</param>
/// <param name="Message">Words for people.</param>
internal sealed record ApiError(int Status, string Code, string Message) : IResult
{
    /// <summary>The bytes that a body may have.</summary>
    public const int MaximumBody = 64 * 1024;

    /// <summary>How long to wait; given with every 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is wrong with which field, where the request itself is malformed.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>What policy wants the person to know.</summary>
    public IReadOnlyList<string>? Notices { get; init; }

    public static ApiError NotFound { get; } = new(404, "not_found", "There is nothing at this address.");

    public static ApiError TenantNotFound { get; } = new(404, "tenant_not_found", "There is no such tenant.");

    public static ApiError MethodNotAllowed { get; } = new(405, "method_not_allowed", "This address does not take this method.");

    public static ApiError BodyTooLarge { get; } = new(413, "body_too_large", "The body is larger than 64 KiB.");

    public static ApiError MediaTypeNotSupported { get; } = new(415, "media_type_not_supported", "The body must be application/json.");

    public static ApiError HeadersTooLarge { get; } = new(431, "headers_too_large", "The headers of the request are too large.");

    public static ApiError Unavailable { get; } = new(503, "unavailable", "The service cannot answer just now. Try again shortly.")
    {
        RetryAfter = TimeSpan.FromSeconds(30),
    };

    public static ApiError Internal { get; } = new(500, "internal_error", "Something went wrong here. It has been noted.");

    public static ApiError Unauthenticated { get; } = new(401, "unauthenticated", "A valid access token is needed.");

    public static ApiError EnrolmentRequired { get; } = new(
        403, "mfa_enrollment_required", "A second factor must be set up first.");

    public static ApiError SignInNeeded { get; } = new(
        403, "sign_in_required", "The last sign-in is too long ago for this. Sign in again.");

    public static ApiError InvalidCredentials { get; } = new(401, "invalid_credentials", "E-mail address or password is wrong.");

    public static ApiError InvalidCode { get; } = new(401, "invalid_code", "The code is wrong.");

    public static ApiError PasskeyRefused { get; } = new(401, "passkey_refused", "The passkey was not accepted.");

    public static ApiError PasskeyExists { get; } = new(409, "passkey_exists", "This passkey has been added already.");

    public static ApiError LastWayIn { get; } = new(
        409, "last_way_in", "This passkey is the only way into the account. Set a password or add another passkey first.");

    public static ApiError AddressNotVerified { get; } = new(
        403, "email_not_verified", "The e-mail address has not been verified. A mail with a link is on its way.");

    public static ApiError PasswordChangeRequired { get; } = new(
        403, "password_change_required", "The password must be changed first: ask for a link to a new one.");

    public static ApiError RefreshTokenInvalid { get; } = new(401, "refresh_token_invalid", "The refresh token does not work any more. Sign in again.");

    public static ApiError MethodUnavailable { get; } = new(403, "method_unavailable", "This method is not available.");

    /// <summary>Too many tries.</summary>
    public static ApiError TooManyAttempts(TimeSpan retryAfter) => new(429, "too_many_attempts", "Too many attempts. Try again later.")
    {
        RetryAfter = retryAfter,
    };

    /// <summary>A malformed request, with what is wrong.</summary>
    public static ApiError Malformed(params IReadOnlyList<FieldProblem> problems) => new(
        400, "invalid_request", problems.Count > 0 ? problems[0].ToString() : "The request could not be understood.")
    {
        Problems = problems,
    };

    /// <summary>The refusal for a status that no endpoint answered itself.</summary>
    public static ApiError Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => MediaTypeNotSupported,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => HeadersTooLarge,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        >= StatusCodes.Status500InternalServerError => Internal,
        _ => Malformed() with { Status = status, Code = "bad_request" },
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var contract = ApiContract.At(httpContext.Request.Path);
        var error = this is { Code: "invalid_request" } ? this with { Status = contract.MalformedStatus } : this;
        var response = httpContext.Response;
        response.StatusCode = error.Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(Math.Max(1, wait.TotalSeconds))).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (error.Status == StatusCodes.Status401Unauthorized && Code == Unauthenticated.Code)
        {
            response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        }

        var identity = httpContext.RequestServices.GetRequiredService<RequestIdentity>();
        return response.WriteAsJsonAsync(contract.ShapeError(error, identity), httpContext.RequestAborted);
    }
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="In">Where it is: <c>body</c> or <c>query</c>.</param>
/// <param name="Field">Its name; <see langword="null"/> for the whole.</param>
/// <param name="Kind">A stable code of the problem.</param>
/// <param name="Message">Words for people.</param>
internal sealed record FieldProblem(string In, string? Field, string Kind, string Message)
{
    public static FieldProblem Missing(string @in, string field) => new(@in, field, "missing", "Field required");

    public static FieldProblem InBody(string? field, string kind, string message) => new("body", field, kind, message);

    public override string ToString() => Field is null ? Message : $"{Field}: {Message}";
}
