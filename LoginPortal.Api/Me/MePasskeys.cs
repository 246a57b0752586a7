using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Me;

/// <summary>The signed-in person's passkeys.</summary>
internal static class MePasskeys
{
    private static readonly ApiError NoSuchPasskey = ApiError.NotFound with { Message = "There is no such passkey." };

    public static void MapMePasskeys(this IEndpointRouteBuilder me)
    {
        me.MapGet("/passkeys", ListAsync).Answers<Envelope<IReadOnlyList<PasskeyResponse>>>().Says("The passkeys", 401, 403).RequireBearer();
        me.MapPost("/passkeys/begin", BeginAsync).Answers<Envelope<PasskeyChallengeResponse>>().Says("Start adding a passkey", 401, 403).RequireBearerOrEnrolment();
        me.MapPost("/passkeys/complete", CompleteAsync).Answers<Envelope<PasskeyAddedResponse>>().Says("Finish adding a passkey", 401, 403, 409, 429).RequireBearerOrEnrolment();
        me.MapPatch("/passkeys/{id}", RenameAsync).Answers<Envelope<PasskeyResponse>>().Says("Give a passkey another name", 401, 403, 404).RequireBearer();
        me.MapDelete("/passkeys/{id}", RemoveAsync).Answers<Envelope<StatusResponse>>().Says("Remove a passkey", 401, 403, 404, 409).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        PasskeyAccount passkeys, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await passkeys.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is var result
        && result is PasskeyAccountResult.Passkeys(var items, _, _)
            ? envelopes.Ok<IReadOnlyList<PasskeyResponse>>([.. items.Select(ToWire)])
            : PasskeyRegistration.ErrorOf(result);

    private static async Task<IResult> BeginAsync(
        PasskeyRegistration registration, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await registration.BeginAsync(ContractOf(caller), PasskeyKind.Any, ApiError.Unauthenticated, cancellationToken) is var (options, error)
        && options is not null
            ? envelopes.Ok(TenantAuthPasskeys.ToWire(options))
            : error!;

    private static async Task<IResult> CompleteAsync(
        Body<MePasskeyRequest> body, PasskeyRegistration registration, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var answer = new PasskeyAnswer(body.Value.Credential?.GetRawText(), body.Value.ChallengeId) { Name = body.Value.Name };
        var (added, error) = await registration.CompleteAsync(ContractOf(caller), answer, ApiError.Unauthenticated, cancellationToken);
        return added is not var (passkey, codes, tokens)
            ? error!
            : envelopes.Ok(new PasskeyAddedResponse(
                passkey.Id.ToString(),
                passkey.Name,
                codes,
                tokens?.Access.Text,
                tokens is null ? null : "Bearer",
                tokens?.Access.ExpiresIn,
                tokens?.RefreshToken));
    }

    private static async Task<IResult> RenameAsync(
        string id,
        Body<MePasskeyNameRequest> body,
        PasskeyAccount passkeys,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var passkeyId))
        {
            return NoSuchPasskey;
        }

        var result = await passkeys.RenameAsync(tenant.Required.Id, caller.Session.Id, passkeyId, body.Value.Name, cancellationToken);
        return result is not PasskeyAccountResult.Passkeys(var items, _, _) ? PasskeyRegistration.ErrorOf(result)
            : items.FirstOrDefault(item => item.Id == passkeyId) is { } renamed ? envelopes.Ok(ToWire(renamed))
            : NoSuchPasskey;
    }

    private static async Task<IResult> RemoveAsync(
        string id, PasskeyAccount passkeys, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var (tenantId, sessionId) = (tenant.Required.Id, caller.Session.Id);
        var standing = await passkeys.ShowAsync(tenantId, sessionId, cancellationToken);
        if (standing is not PasskeyAccountResult.Passkeys(var items, _, _))
        {
            return PasskeyRegistration.ErrorOf(standing);
        }

        if (!Guid.TryParse(id, out var passkeyId) || items.All(item => item.Id != passkeyId))
        {
            return NoSuchPasskey;
        }

        var result = await passkeys.RemoveAsync(tenantId, sessionId, passkeyId, caller.Facts, cancellationToken);
        return result is PasskeyAccountResult.Passkeys
            ? envelopes.Ok(new StatusResponse("success", "The passkey has been removed."))
            : PasskeyRegistration.ErrorOf(result);
    }

    /// <summary>A sign-in that owes its second factor goes on in the contract that it began in.</summary>
    private static string ContractOf(Caller caller) => caller.Bearer?.Token?.Contract ?? TenantAuthContract.Contract.Name;

    private static PasskeyResponse ToWire(PasskeySummary passkey) => new(
        passkey.Id.ToString(), passkey.Name, passkey.CreatedAt, passkey.LastUsedAt, passkey.IsSynced, passkey.SignsInAlone);
}
