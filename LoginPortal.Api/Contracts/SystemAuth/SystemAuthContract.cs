using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>What sets the contract apart.</summary>
internal static class SystemAuthContract
{
    public static ApiContract Contract { get; } = new("system_auth", "SystemAuth", ["/v1"], StatusCodes.Status400BadRequest, ShapeError);

    private static SystemAuthError ShapeError(ApiError error, RequestIdentity identity) => new(
        error.Code,
        error.Message,
        error.Problems.Count == 0
            ? null
            : error.Problems.GroupBy(problem => problem.Field ?? problem.In, StringComparer.Ordinal)
                .ToDictionary(field => field.Key, field => (object)field.First().Message, StringComparer.Ordinal),
        error.Notices);
}
