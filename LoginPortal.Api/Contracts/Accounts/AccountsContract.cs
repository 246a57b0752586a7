using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>What sets the contract apart.</summary>
internal static class AccountsContract
{
    public static ApiContract Contract { get; } = new(
        "accounts", "Accounts", ["/accounts"], StatusCodes.Status400BadRequest, (error, _) => new AccountsError(error.Message));
}
