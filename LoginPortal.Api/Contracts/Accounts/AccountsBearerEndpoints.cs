using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>What a signed-in person does with their own second factors, tokens and keys.</summary>
internal static class AccountsBearerEndpoints
{
    public static void MapAccountsBearer(this IEndpointRouteBuilder accounts)
    {
        accounts.MapGet("/session-tokens", GetSessionTokensAsync)
            .Answers<AccountsData<SessionTokensResponse>>().Says("The tokens of the session", 401, 403).RequireBearer();
        accounts.MapPost("/generate-totp-key", GenerateTotpKeyAsync)
            .Answers<AccountsData<TotpKeyResponse>>().Says("Start setting up an authenticator app", 401, 403).RequireBearerOrEnrolment();
        accounts.MapPost("/confirm-totp-registration", ConfirmTotpAsync)
            .Answers<AccountsData<TotpConfirmedResponse>>().Says("Finish setting up an authenticator app", 401, 403, 429).RequireBearerOrEnrolment();
        accounts.MapPatch("/mfa-settings", ChangeMfaSettingsAsync)
            .Answers<AccountsMessage>().Says("Switch second factors off", 401, 403).RequireBearer();
        accounts.MapPost("/recovery-codes", ReplaceRecoveryCodesAsync)
            .Answers<AccountsData<IReadOnlyList<string>>>().Says("New recovery codes", 401, 403).RequireBearer();
        accounts.MapPost("/api-key", CreateApiKeyAsync).Answers<AccountsData<ApiKeyResponse>>().Says("Make an API key", 401, 403).RequireBearer();
        accounts.MapGet("/api-keys", GetApiKeysAsync)
            .Answers<AccountsData<IReadOnlyList<ApiKeyResponse>>>().Says("The API keys", 401, 403).RequireBearer();
        accounts.MapDelete("/api-key", DeleteApiKeyAsync).Answers<AccountsMessage>().Says("End an API key", 401, 403, 404).RequireBearer();
        accounts.MapAccountsPasskeys();
    }

    private static async Task<IResult> GetSessionTokensAsync(SessionTokens tokens, TenantContext tenant, Caller caller, CancellationToken cancellationToken) =>
        AccountsMapper.Data(new SessionTokensResponse(
            caller.Bearer!.Token is { } own ? [new TokenReference(own.Id, own.IssuedAt, own.ExpiresAt)] : [],
            [.. (await tokens.ListAsync(tenant.Required.Id, caller.Session.Id, cancellationToken))
                .Select(token => new TokenReference(token.Id.ToString(), token.CreatedAt, token.ExpiresAt))]));

    private static async Task<IResult> GenerateTotpKeyAsync(
        AccountSecurity security, ApiSignIn signIn, TenantContext tenant, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            return await signIn.ShowAsync(Reference(token), caller.Facts, cancellationToken) is ApiSignInOutcome.EnrolmentNeeded owed
                ? AccountsMapper.Data(new TotpKeyResponse(owed.Enrolment.Uri, owed.Enrolment.Secret))
                : AccountsMapper.TokenInvalid;
        }

        return await security.BeginTotpAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is var result
            && result is AccountSecurityResult.Enrolling(var enrolment)
                ? AccountsMapper.Data(new TotpKeyResponse(enrolment.Uri, enrolment.Secret))
                : SecurityErrors.Of(result);
    }

    private static async Task<IResult> ConfirmTotpAsync(
        Body<ConfirmTotpRequest> body,
        AccountSecurity security,
        ApiSignIn signIn,
        TenantContext tenant,
        Caller caller,
        CancellationToken cancellationToken)
    {
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            var outcome = await signIn.AdvanceAsync(
                Reference(token), new StepInput.TotpConfirmation(body.Value.Code, Name: null), caller.Facts, cancellationToken);
            return outcome is ApiSignInOutcome.SignedIn signedIn
                ? AccountsMapper.Data(new TotpConfirmedResponse(
                    signedIn.RecoveryCodes, signedIn.Tokens.Access.Text, signedIn.Tokens.RefreshToken))
                : OutcomeErrors.Of(outcome, AccountsMapper.TokenInvalid);
        }

        return await security.ConfirmTotpAsync(
            tenant.Required.Id, caller.Session.Id, body.Value.Code, name: null, caller.Facts, cancellationToken) is var result
            && result is AccountSecurityResult.Overview overview
                ? AccountsMapper.Data(new TotpConfirmedResponse(overview.RecoveryCodes))
                : SecurityErrors.Of(result);
    }

    private static async Task<IResult> ChangeMfaSettingsAsync(
        Body<MfaSettingsRequest> body,
        AccountSecurity security,
        PasskeyAccount passkeys,
        TenantContext tenant,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var shown = await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        if (shown is not AccountSecurityResult.Overview overview)
        {
            return SecurityErrors.Of(shown);
        }

        var listed = await passkeys.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        if (listed is not PasskeyAccountResult.Passkeys(var items, _, _))
        {
            return PasskeyRegistration.ErrorOf(listed);
        }

        if ((body.Value.TotpEnabled is true && overview.Authenticators.Count == 0) || (body.Value.PasskeyEnabled is true && items.Count == 0))
        {
            return ApiError.Malformed(FieldProblem.InBody(
                overview.Authenticators.Count == 0 && body.Value.TotpEnabled is true ? "totp_enabled" : "passkey_enabled",
                "not_set_up",
                "It has to be set up first."));
        }

        foreach (var passkey in body.Value.PasskeyEnabled is false ? items : [])
        {
            var result = await passkeys.RemoveAsync(tenant.Required.Id, caller.Session.Id, passkey.Id, caller.Facts, cancellationToken);
            if (result is not PasskeyAccountResult.Passkeys)
            {
                return AccountsMapper.ToError(result);
            }
        }

        foreach (var app in body.Value.TotpEnabled is false ? overview.Authenticators : [])
        {
            var result = await security.RemoveAuthenticatorAsync(tenant.Required.Id, caller.Session.Id, app.Id, caller.Facts, cancellationToken);
            if (result is not AccountSecurityResult.Overview)
            {
                return SecurityErrors.Of(result);
            }
        }

        return AccountsMapper.Message("The settings have been saved.");
    }

    private static async Task<IResult> ReplaceRecoveryCodesAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, CancellationToken cancellationToken) =>
        await security.ReplaceRecoveryCodesAsync(tenant.Required.Id, caller.Session.Id, caller.Facts, cancellationToken) is var result
        && result is AccountSecurityResult.Overview { RecoveryCodes: { } codes }
            ? AccountsMapper.Data(codes)
            : SecurityErrors.Of(result);

    private static async Task<IResult> CreateApiKeyAsync(
        Body<CreateApiKeyRequest> body, ApiKeys keys, Caller caller, CancellationToken cancellationToken) =>
        await keys.CreateAsync(caller.Session.Id, body.Value.KeyName!, caller.Facts, cancellationToken) switch
        {
            ApiKeyResult.Created(var key, var secret) => AccountsMapper.Data(ToWire(key) with { ApiKey = secret }),
            ApiKeyResult.SignInNeeded => ApiError.SignInNeeded,
            ApiKeyResult.TooMany => ApiError.Malformed(FieldProblem.InBody("key_name", "too_many", "There are as many keys as there may be.")),
            _ => ApiError.Malformed(FieldProblem.InBody("key_name", "value_error", "The name must have 1 to 64 characters and no control characters.")),
        };

    private static async Task<IResult> GetApiKeysAsync(ApiKeys keys, Caller caller, CancellationToken cancellationToken) =>
        AccountsMapper.Data<IReadOnlyList<ApiKeyResponse>>(
            [.. (await keys.ListAsync(caller.Bearer!.UserId, cancellationToken)).Select(ToWire)]);

    private static async Task<IResult> DeleteApiKeyAsync(string? id, ApiKeys keys, Caller caller, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(id) ? ApiError.Malformed(FieldProblem.Missing("query", "id"))
        : Guid.TryParse(id, out var keyId) && await keys.DeleteAsync(caller.Bearer!.UserId, keyId, caller.Facts, cancellationToken)
            ? AccountsMapper.Message("The key has been ended.")
            : ApiError.NotFound with { Message = "There is no such key." };

    private static HandleReference Reference(AccessTokenContent token) => new(token.Handle, AccountsContract.Contract.Name);

    private static ApiKeyResponse ToWire(ApiKey key) => new(key.Id.ToString(), key.Name, key.CreatedAt, key.ExpiresAt);
}
