using System.Text.Json;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Http;

/// <summary>
/// Adding a passkey, for whoever is signed in and for whoever still owes a second factor: the same for every contract, which only gives it
/// its own shape.
/// </summary>
internal sealed class PasskeyRegistration(PasskeyAccount passkeys, ApiSignIn signIn, TenantContext tenant, Caller caller)
{
    /// <summary>Starts.</summary>
    /// <param name="contract">The contract that is called.</param>
    /// <param name="kind">What the passkey must be.</param>
    /// <param name="handleEnded">The contract's own word for an enrolment that is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The options, or why there are none.</returns>
    public async Task<(PasskeyOptions? Options, ApiError? Error)> BeginAsync(
        string contract, PasskeyKind kind, ApiError handleEnded, CancellationToken cancellationToken)
    {
        if (!tenant.Required.Policy.AllowPasskeys)
        {
            return (null, ApiError.MethodUnavailable);
        }

        if (caller.Bearer is { Session: null, Token: { } token })
        {
            return await signIn.BeginPasskeyAsync(new HandleReference(token.Handle, contract), kind, cancellationToken) is { } owed
                ? (owed, null)
                : (null, handleEnded);
        }

        var (tenantId, sessionId) = (tenant.Required.Id, caller.Session.Id);
        if (await passkeys.PrepareAsync(tenantId, sessionId, cancellationToken) is var standing and not PasskeyAccountResult.Passkeys)
        {
            return (null, ErrorOf(standing));
        }

        return await passkeys.BeginAsync(tenantId, sessionId, ApiSignIn.BindingOf(contract), kind, cancellationToken) is { } options
            ? (options, null)
            : (null, ApiError.MethodUnavailable);
    }

    /// <summary>Finishes.</summary>
    /// <returns>The passkey, and for whoever owed it their tokens; or why not.</returns>
    public async Task<(AddedPasskey? Added, ApiError? Error)> CompleteAsync(
        string contract, PasskeyAnswer answer, ApiError handleEnded, CancellationToken cancellationToken)
    {
        if (caller.Bearer is not { Session: null, Token: { } token })
        {
            var result = await passkeys.AddAsync(
                tenant.Required.Id, caller.Session.Id, ApiSignIn.BindingOf(contract), answer, caller.Facts, cancellationToken);
            return result is PasskeyAccountResult.Passkeys { Added: { } added } list
                ? (new AddedPasskey(added, list.RecoveryCodes, Tokens: null), null)
                : (null, ErrorOf(result));
        }

        var outcome = await signIn.AdvanceAsync(
            new HandleReference(token.Handle, contract), new StepInput.PasskeyRegistration(answer), caller.Facts, cancellationToken);
        if (outcome is not ApiSignInOutcome.SignedIn(_, var tokens, _, var codes))
        {
            return (null, outcome is ApiSignInOutcome.Refused(var code) ? ErrorOf(code) : OutcomeErrors.Of(outcome, handleEnded));
        }

        // Who owed a second factor had no passkey before this one.
        return await passkeys.ShowAsync(tenant.Required.Id, tokens.SessionId, cancellationToken) is PasskeyAccountResult.Passkeys { Items: [.., var last] }
            ? (new AddedPasskey(last, codes, tokens), null)
            : (null, handleEnded);
    }

    /// <summary>What a browser made: as the answer itself, or as a text that holds it.</summary>
    public static string? TextOf(JsonElement? credential) => credential switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => JsonBody.Text(text),
        { } answer => answer.GetRawText(),
    };

    /// <summary>Why a wish about one's own passkeys is not granted.</summary>
    public static ApiError ErrorOf(PasskeyAccountResult result) => result switch
    {
        PasskeyAccountResult.SignInNeeded => ApiError.SignInNeeded,
        PasskeyAccountResult.LastWayIn => ApiError.LastWayIn,
        PasskeyAccountResult.Refused(var code) => ErrorOf(code),
        _ => ApiError.Unauthenticated,
    };

    private static ApiError ErrorOf(RejectionCode code) =>
        code == RejectionCode.PasskeyAlreadyRegistered ? ApiError.PasskeyExists : ApiError.PasskeyRefused;
}

/// <summary>A passkey that has been added.</summary>
/// <param name="Passkey">It.</param>
/// <param name="RecoveryCodes">New recovery codes, shown once; <see langword="null"/> if none were due.</param>
/// <param name="Tokens">For whoever owed it before signing in: their tokens.</param>
internal sealed record AddedPasskey(PasskeySummary Passkey, IReadOnlyList<string>? RecoveryCodes, TokenPair? Tokens);
