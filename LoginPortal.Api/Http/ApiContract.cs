using LoginPortal.Api.Contracts.Accounts;
using LoginPortal.Api.Contracts.SystemAuth;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Contracts.UserPassport;

namespace LoginPortal.Api.Http;

/// <summary>What sets a contract apart before any of its endpoints runs.</summary>
/// <param name="Name">Its name in tokens and handles, which work in no other. Stored: it never changes.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Prefixes">The paths that are its own.</param>
/// <param name="MalformedStatus">The status of a malformed request.</param>
/// <param name="ShapeError">Writes a refusal in its own shape.</param>
internal sealed record ApiContract(
    string Name,
    string Title,
    IReadOnlyList<string> Prefixes,
    int MalformedStatus,
    Func<ApiError, RequestIdentity, object> ShapeError)
{
    /// <summary>Every contract; the first also answers for paths that belong to none.</summary>
    public static IReadOnlyList<ApiContract> All { get; } =
        [TenantAuthContract.Contract, AccountsContract.Contract, SystemAuthContract.Contract, UserPassportContract.Contract];

    /// <summary>The contract of a path.</summary>
    public static ApiContract At(PathString path) =>
        All.FirstOrDefault(contract => contract.Prefixes.Any(prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))) ?? All[0];
}
