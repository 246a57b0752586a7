using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.UserPassport;

/// <summary>What sets the contract apart.</summary>
internal static class UserPassportContract
{
    public static ApiContract Contract { get; } = new(
        "user_passport", "UserPassport", ["/user"], StatusCodes.Status400BadRequest, (error, _) => new PassportMessage(error.Message));
}
