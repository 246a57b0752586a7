using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>The Accounts contract: <c>{"data": …}</c> or <c>{"error": "…"}</c>.</summary>
internal static class AccountsEndpoints
{
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        var accounts = endpoints.MapGroup("/accounts").WithGroupName(AccountsContract.Contract.Name).WithTags(AccountsContract.Contract.Title).AddEndpointFilter<BodyFilter>();
        accounts.MapPost("/auth-with-password", AuthWithPasswordAsync)
            .Answers<AccountsData<AuthWithPasswordData>>().Says("Authenticate with password", 401, 403, 429);
        accounts.MapPost("/begin-auth-with-passkey", BeginAuthWithPasskeyAsync)
            .Answers<AccountsData<CredentialAssertion>>().Says("Begin passkey authentication", 401);
        accounts.MapPost("/complete-auth-with-passkey", CompleteAuthWithPasskeyAsync)
            .Answers<AccountsData<AuthResponse>>().Says("Complete passkey authentication", 401, 429);
        accounts.MapPost("/auth-with-totp", AuthWithTotpAsync).Answers<AccountsData<AuthResponse>>().Says("Authenticate with TOTP", 401, 403, 429);
        accounts.MapPost("/auth-with-recovery-code", AuthWithRecoveryCodeAsync)
            .Answers<AccountsData<AuthResponse>>().Says("Authenticate with a recovery code", 401, 403, 429);
        accounts.MapPost("/refresh-token", RefreshTokenAsync).Answers<AccountsData<AuthResponse>>().Says("Refresh tokens", 401);
        accounts.MapPost("/request-password-reset", RequestPasswordResetAsync).Answers<AccountsMessage>().Says("Ask for a link to a new password", 429);
        accounts.MapPost("/reset-password", ResetPasswordAsync).Answers<AccountsMessage>().Says("Choose a new password", 429);
        accounts.MapPost("/auth-with-api-key", AuthWithApiKeyAsync).Answers<AccountsData<AuthResponse>>().Says("Authenticate with an API key", 401);
        accounts.MapPost("/logout", LogoutAsync).Answers<AccountsMessage>().Says("Sign out", 401).RequireBearer();
        accounts.MapAccountsBearer();
        return endpoints;
    }

    /// <summary>Gives an endpoint its summary and its refusals.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, params IEnumerable<int> statuses) => endpoint
        .WithSummary(summary)
        .Refuses<AccountsError>([StatusCodes.Status400BadRequest, .. statuses]);

    private static async Task<IResult> AuthWithPasswordAsync(
        Body<AuthWithPasswordRequest> body,
        HttpContext http,
        TenantResolution resolution,
        ApiSignIn signIn,
        Caller caller,
        AccountsMapper mapper,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        var tenant = await resolution.FindAsync(request.Account, http.Request.Host.Host, request.Email!.Trim(), ownersFirst: true, cancellationToken);
        var outcome = await signIn.SignInAsync(
            tenant?.Id,
            AccountsContract.Contract.Name,
            request.Email.Trim(),
            new StepInput.Password(request.Password, Remember: false),
            fetchesLater: false,
            caller.Facts,
            cancellationToken);
        return await mapper.ToAnswerAsync(outcome, cancellationToken);
    }

    /// <summary>An address that nobody has is answered as any other.</summary>
    private static async Task<IResult> BeginAuthWithPasskeyAsync(
        Body<BeginAuthWithPasskeyRequest> body,
        HttpContext http,
        TenantResolution resolution,
        ApiSignIn signIn,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        var tenant = await resolution.FindForPasskeyAsync(
            request.Account, http.Request.Host.Host, request.Email!.Trim(), ownersFirst: true, cancellationToken);
        return await signIn.BeginPasskeyAsync(
            tenant?.Id, AccountsContract.Contract.Name, request.Email.Trim(), caller.Facts, cancellationToken) is { } options
                ? AccountsMapper.Data(JsonElement.Parse(options.OptionsJsonWithCeremony))
                : AccountsMapper.PasskeyRefused;
    }

    /// <summary>The challenge says which tenant and address it is about; what the request says beside it is not needed.</summary>
    private static async Task<IResult> CompleteAuthWithPasskeyAsync(
        Body<CompletePasskeyRequest> body, ApiSignIn signIn, Caller caller, AccountsMapper mapper, CancellationToken cancellationToken)
    {
        var answer = PasskeyAnswer.OfCredential(PasskeyRegistration.TextOf(body.Value.Credential));
        ApiSignInOutcome.SecondFactorNeeded? asked = null;
        if (!string.IsNullOrEmpty(body.Value.Token))
        {
            // A passkey that is asked for by address checks who the person is, and so is both factors: the token only says whose it must be.
            var reference = new HandleReference(body.Value.Token, AccountsContract.Contract.Name);
            asked = await signIn.ShowAsync(reference, caller.Facts, cancellationToken) as ApiSignInOutcome.SecondFactorNeeded;
            if (asked is null)
            {
                return AccountsMapper.TokenInvalid;
            }
        }

        var outcome = await signIn.CompletePasskeyAsync(
            asked?.TenantId, AccountsContract.Contract.Name, asked?.UserId, answer, caller.Facts, cancellationToken);
        return outcome is ApiSignInOutcome.Refused or ApiSignInOutcome.HandleEnded
            ? OutcomeErrors.OfPasskey(outcome)
            : await mapper.ToAnswerAsync(outcome, cancellationToken);
    }

    private static Task<IResult> AuthWithTotpAsync(
        Body<AuthWithCodeRequest> body, ApiSignIn signIn, Caller caller, AccountsMapper mapper, CancellationToken cancellationToken) =>
        AnswerAsync(body.Value, new StepInput.Totp(body.Value.Code, TrustDevice: false), signIn, caller, mapper, cancellationToken);

    private static Task<IResult> AuthWithRecoveryCodeAsync(
        Body<AuthWithCodeRequest> body, ApiSignIn signIn, Caller caller, AccountsMapper mapper, CancellationToken cancellationToken) =>
        AnswerAsync(body.Value, new StepInput.RecoveryCode(body.Value.Code), signIn, caller, mapper, cancellationToken);

    private static async Task<IResult> AnswerAsync(
        AuthWithCodeRequest request, StepInput input, ApiSignIn signIn, Caller caller, AccountsMapper mapper, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return ApiError.Malformed(FieldProblem.Missing("body", "code"));
        }

        var reference = new HandleReference(request.Token, AccountsContract.Contract.Name);
        var outcome = await signIn.AdvanceAsync(reference, input, caller.Facts, cancellationToken);
        return outcome is ApiSignInOutcome.SignedIn
            ? await mapper.ToAnswerAsync(outcome, cancellationToken)
            : OutcomeErrors.Of(outcome, AccountsMapper.TokenInvalid);
    }

    private static async Task<IResult> RefreshTokenAsync(
        Body<RefreshTokenRequest> body,
        AccessTokens accessTokens,
        SessionTokens tokens,
        Caller caller,
        AccountsMapper mapper,
        CancellationToken cancellationToken)
    {
        if (await accessTokens.ReadAsync(body.Value.AuthToken, acceptExpired: true, cancellationToken) is not { SessionId: { } sessionId } content
            || await tokens.RefreshAsync(
                new PresentedRefreshToken(body.Value.RefreshToken, AccountsContract.Contract.Name) { TenantId = content.TenantId, SessionId = sessionId },
                caller.Facts,
                cancellationToken) is not { } pair)
        {
            return ApiError.RefreshTokenInvalid;
        }

        return await mapper.ToAuthAsync(content.TenantId, pair, cancellationToken);
    }

    private static async Task<IResult> RequestPasswordResetAsync(
        Body<RequestPasswordResetRequest> body,
        HttpContext http,
        TenantResolution resolution,
        PasswordRecovery recovery,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        var tenant = await resolution.FindAsync(request.Account, http.Request.Host.Host, request.Email!.Trim(), ownersFirst: true, cancellationToken);
        if (tenant is not null)
        {
            // Where the tenant is found by the address alone, being told to wait would tell that there is such an address.
            await recovery.RequestAsync(tenant.Id, request.Email, caller.Facts, cancellationToken);
        }

        return AccountsMapper.Message("If there is such an account, a mail with a link is on its way.");
    }

    private static async Task<IResult> ResetPasswordAsync(
        Body<ResetAccountPasswordRequest> body, PasswordRecovery recovery, Caller caller, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (await recovery.FindTenantAsync(request.Token, request.Email!.Trim(), cancellationToken) is not { } tenantId)
        {
            return AccountsMapper.LinkInvalid;
        }

        return await recovery.ResetAsync(tenantId, request.Token, request.NewPassword, caller.Facts, cancellationToken) switch
        {
            PasswordResetResult.Done => AccountsMapper.Message("The password has been changed."),
            PasswordResetResult.NotAllowed(var problems) => AccountsMapper.PasswordNotAllowed(problems),
            PasswordResetResult.Unchanged => new ApiError(400, "password_unchanged", "The password is the present one."),
            PasswordResetResult.Busy => ApiError.TooManyAttempts(SignInRunner.BusyDelay),
            _ => AccountsMapper.LinkInvalid,
        };
    }

    private static async Task<IResult> AuthWithApiKeyAsync(
        Body<AuthWithApiKeyRequest> body, BearerCheck check, TenantContext tenant, SessionTokens tokens, AccountsMapper mapper, CancellationToken cancellationToken)
    {
        if (await check.CheckApiKeyAsync(body.Value.ApiKey, cancellationToken) is not { Session: { } session })
        {
            return ApiError.InvalidCredentials with { Message = "Invalid API key" };
        }

        var pair = await tokens.IssueAsync(tenant.Required.Id, session.Id, AccountsContract.Contract.Name, cancellationToken);
        return await mapper.ToAuthAsync(tenant.Required.Id, pair, cancellationToken);
    }

    private static async Task<IResult> LogoutAsync(
        Body<AccountsLogoutRequest> body, SessionService sessions, Caller caller, CancellationToken cancellationToken)
    {
        // The session ends, and with it every token of it; which refresh token is named makes no difference.
        _ = body;
        await sessions.EndAsync(caller.Session.Id, SessionEndReason.SignedOut, caller.Facts, cancellationToken);
        return AccountsMapper.Message("Signed out.");
    }
}
