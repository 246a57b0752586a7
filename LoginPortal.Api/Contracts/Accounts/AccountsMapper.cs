using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>Turns what Core says into the contract's own shapes; decides nothing.</summary>
internal sealed class AccountsMapper(TenantDirectory tenants, TenantResolution resolution, SecondFactorOverview secondFactors)
{
    public static ApiError TokenInvalid { get; } = new(401, "token_invalid", "Invalid or expired token");

    public static ApiError LinkInvalid { get; } = new(400, "token_invalid", "Invalid or expired reset token");

    public static ApiError PasskeyRefused { get; } = new(401, "passkey_refused", "User not found or passkeys not enabled");

    /// <summary>The contract has no status for a conflict.</summary>
    public static ApiError ToError(PasskeyAccountResult result) => WithoutConflict(PasskeyRegistration.ErrorOf(result));

    /// <inheritdoc cref="ToError(PasskeyAccountResult)" />
    public static ApiError WithoutConflict(ApiError error) =>
        error.Status == StatusCodes.Status409Conflict ? error with { Status = StatusCodes.Status400BadRequest } : error;

    public static IResult Data<T>(T data) => TypedResults.Ok(new AccountsData<T>(data));

    public static IResult Message(string message) => TypedResults.Ok(new AccountsMessage(message));

    public static ApiError PasswordNotAllowed(IReadOnlyList<PasswordProblem> problems) =>
        new(StatusCodes.Status400BadRequest, "password_not_allowed", string.Join(' ', problems.Select(PasswordWords.MessageOf)));

    public async Task<IResult> ToAnswerAsync(ApiSignInOutcome outcome, CancellationToken cancellationToken) => outcome switch
    {
        ApiSignInOutcome.SignedIn(var tenantId, var pair, _, _) => await ToAuthAsync(tenantId, pair, cancellationToken),
        ApiSignInOutcome.SecondFactorNeeded needed => Data(new MfaRequiredResponse(
            needed.Handle, needed.Usable.Contains(SecondFactorMethod.Passkey), needed.Usable.Contains(SecondFactorMethod.Totp))),
        ApiSignInOutcome.EnrolmentNeeded owed => Data(new AuthResponse(
            RefreshToken: null,
            owed.Token.Text,
            PasskeyEnabled: false,
            TotpEnabled: false,
            await ToAccountAsync(owed.TenantId, cancellationToken))),
        _ => OutcomeErrors.Of(outcome, TokenInvalid),
    };

    public async Task<IResult> ToAuthAsync(Guid tenantId, TokenPair pair, CancellationToken cancellationToken)
    {
        var methods = await secondFactors.OfAsync(tenantId, pair.UserId, cancellationToken);
        return Data(new AuthResponse(
            pair.RefreshToken,
            pair.Access.Text,
            methods.HasPasskey,
            methods.HasAuthenticator,
            await ToAccountAsync(tenantId, cancellationToken)));
    }

    private async Task<AccountSummary> ToAccountAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        // Suspended meanwhile: the directory knows only those that are served.
        var tenant = await tenants.FindByIdAsync(tenantId, cancellationToken);
        return new AccountSummary(
            tenant?.Slug ?? "",
            tenantId.ToString(),
            tenant?.DisplayName ?? "",
            await resolution.FindOwnerAddressAsync(tenantId, cancellationToken),
            tenant is null ? "suspended" : "active");
    }
}
