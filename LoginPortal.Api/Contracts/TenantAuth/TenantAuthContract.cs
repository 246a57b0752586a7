using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>What sets the contract apart; it also speaks for every path that belongs to none.</summary>
internal static class TenantAuthContract
{
    public static ApiContract Contract { get; } = new(
        "tenant_auth", "TenantAuth", ["/api"], StatusCodes.Status422UnprocessableEntity, ShapeError);

    private static object ShapeError(ApiError error, RequestIdentity identity) => error.Problems.Count == 0
        ? new ErrorEnvelope(new ErrorEnvelope.Body(error.Code, error.Message, identity.Id))
        : new HTTPValidationError([.. error.Problems.Select(problem => new ValidationError(
            problem.Field is null ? [problem.In] : [problem.In, problem.Field], problem.Message, problem.Kind))]);
}
