using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>The SystemAuth contract: plain answers, and errors with a code and a message.</summary>
internal static class SystemAuthEndpoints
{
    public static IEndpointRouteBuilder MapSystemAuth(this IEndpointRouteBuilder endpoints)
    {
        var auth = endpoints.MapGroup("/v1/auth").WithGroupName(SystemAuthContract.Contract.Name).WithTags(SystemAuthContract.Contract.Title).AddEndpointFilter<BodyFilter>();
        auth.MapPost("/login", LoginAsync).Answers<SystemLoginResponse>().Says("Authenticate with local username/password", 401, 403, 429);
        auth.MapPost("/mfa/challenge", ChallengeAsync).Answers<SystemChallengeResponse>().Says("Start a method, or answer with it", 401, 403, 410, 429);
        auth.MapPost("/mfa/verify", VerifyAsync).Answers<SystemTokenResponse>().Says("Answer with a method", 401, 403, 410, 429);
        auth.MapGet("/providers", GetProvidersAsync).Answers<SystemProvidersResponse>().Says("How people of a tenant sign in", 404);
        auth.MapPost("/logout", LogoutAsync).Produces(StatusCodes.Status204NoContent).Says("Sign out", 401, 403).RequireBearer();
        endpoints.MapSystemAuthFactors();
        return endpoints;
    }

    /// <summary>Gives an endpoint its summary and its refusals.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, params IEnumerable<int> statuses) => endpoint
        .WithSummary(summary)
        .Refuses<SystemAuthError>([StatusCodes.Status400BadRequest, .. statuses]);

    private static async Task<IResult> LoginAsync(
        Body<SystemLoginRequest> body,
        HttpContext http,
        TenantResolution resolution,
        ApiSignIn signIn,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        var tenant = await resolution.FindAsync(request.TenantSlug, http.Request.Host.Host, request.Email!.Trim(), ownersFirst: false, cancellationToken);
        var outcome = await signIn.SignInAsync(
            tenant?.Id,
            SystemAuthContract.Contract.Name,
            request.Email.Trim(),
            new StepInput.Password(request.Password, Remember: false),
            fetchesLater: false,
            caller.Facts,
            cancellationToken);
        return SystemAuthMapper.ToLogin(outcome) is { } answer ? TypedResults.Ok(answer) : SystemAuthMapper.ToError(outcome, tenant);
    }

    private static async Task<IResult> ChallengeAsync(
        Body<SystemChallengeRequest> body, ApiSignIn signIn, Caller caller, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (request.Code is not null || request.Credential is not null)
        {
            return await VerifyAsync(body, signIn, caller, cancellationToken);
        }

        if (SystemAuthMapper.ToInput(request) is not { } input)
        {
            return MethodUnknown;
        }

        var reference = new HandleReference(request.ChallengeId, SystemAuthContract.Contract.Name);
        if (await signIn.ShowAsync(reference, caller.Facts, cancellationToken) is not ApiSignInOutcome.SecondFactorNeeded needed)
        {
            return SystemAuthMapper.ChallengeExpired;
        }

        var answer = new SystemChallengeResponse { ChallengeId = needed.Handle, Method = request.Method, ExpiresAt = needed.ExpiresAt };
        if (input is not StepInput.Passkey)
        {
            return TypedResults.Ok(answer);
        }

        return needed.Usable.Contains(SecondFactorMethod.Passkey) && await signIn.BeginPasskeyAsync(reference, cancellationToken) is { } options
            ? TypedResults.Ok(answer with { PublicKey = JsonElement.Parse(options.OptionsJsonWithCeremony) })
            : ApiError.MethodUnavailable;
    }

    private static async Task<IResult> VerifyAsync(
        Body<SystemChallengeRequest> body, ApiSignIn signIn, Caller caller, CancellationToken cancellationToken)
    {
        if (SystemAuthMapper.ToInput(body.Value) is not { } input)
        {
            return MethodUnknown;
        }

        if (input is StepInput.Passkey ? body.Value.Credential is null : string.IsNullOrEmpty(body.Value.Code))
        {
            return ApiError.Malformed(FieldProblem.Missing("body", input is StepInput.Passkey ? "credential" : "code"));
        }

        var reference = new HandleReference(body.Value.ChallengeId, SystemAuthContract.Contract.Name);
        var outcome = await signIn.AdvanceAsync(reference, input, caller.Facts, cancellationToken);
        return outcome is ApiSignInOutcome.SignedIn(_, var tokens, _, _)
            ? TypedResults.Ok(new SystemTokenResponse(tokens.Access.Text, tokens.Access.ExpiresAt))
            : outcome is ApiSignInOutcome.Refused && input is StepInput.Passkey ? SystemAuthMapper.ToRefusal(ApiError.PasskeyRefused)
            : OutcomeErrors.Of(outcome, SystemAuthMapper.ChallengeExpired);
    }

    private static ApiError MethodUnknown =>
        ApiError.Malformed(FieldProblem.InBody("method", "enum", "The method is unknown or not available."));

    private static async Task<IResult> GetProvidersAsync(
        string? domain, string? slug, TenantDirectory tenants, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(domain) && string.IsNullOrEmpty(slug))
        {
            return ApiError.Malformed(FieldProblem.Missing("query", "domain"));
        }

        var tenant = string.IsNullOrEmpty(slug)
            ? await tenants.FindByHostAsync(domain!, cancellationToken)
            : await tenants.FindBySlugAsync(slug, cancellationToken);
        return tenant is null
            ? ApiError.NotFound with { Message = "There is no such tenant." }
            : TypedResults.Ok(new SystemProvidersResponse(tenant.Id.ToString(), ["local"]));
    }

    private static async Task<IResult> LogoutAsync(SessionService sessions, Caller caller, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.Session.Id, SessionEndReason.SignedOut, caller.Facts, cancellationToken);
        return TypedResults.NoContent();
    }
}
