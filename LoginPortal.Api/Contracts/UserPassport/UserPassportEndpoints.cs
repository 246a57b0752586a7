using LoginPortal.Api.Http;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.UserPassport;

/// <summary>The UserPassport contract: two calls, always both.</summary>
internal static class UserPassportEndpoints
{
    public static IEndpointRouteBuilder MapUserPassport(this IEndpointRouteBuilder endpoints)
    {
        var user = endpoints.MapGroup("/user").WithGroupName(UserPassportContract.Contract.Name).WithTags(UserPassportContract.Contract.Title).AddEndpointFilter<BodyFilter>();
        user.MapPost("/login", LoginAsync).Answers<PassportLoginResponse>().Says("Authentication API", 401, 403, 429);
        user.MapPost("/passport", FetchPassportAsync).Answers<PassportResponse>().Says("Passport API", 401, 403, 429);
        user.MapPost("/logout", LogoutAsync).Answers<PassportMessage>().Says("Sign out", 401, 403).RequireBearer();
        return endpoints;
    }

    /// <summary>Gives an endpoint its summary and its refusals.</summary>
    private static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, params IEnumerable<int> statuses) => endpoint
        .WithSummary(summary)
        .Refuses<PassportMessage>([StatusCodes.Status400BadRequest, .. statuses]);

    private static async Task<IResult> LoginAsync(
        Body<PassportLoginRequest> body,
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
            UserPassportContract.Contract.Name,
            request.Email.Trim(),
            new StepInput.Password(request.Password, Remember: false),
            fetchesLater: true,
            caller.Facts,
            cancellationToken);
        return UserPassportMapper.ToLogin(outcome) is { } answer
            ? TypedResults.Ok(answer)
            : OutcomeErrors.Of(outcome, ApiError.InvalidCredentials);
    }

    private static async Task<IResult> FetchPassportAsync(
        Body<PassportRequest> body, ApiSignIn signIn, Caller caller, CancellationToken cancellationToken)
    {
        var reference = new HandleReference(body.Value.Token, UserPassportContract.Contract.Name);
        var outcome = await signIn.ShowAsync(reference, caller.Facts, cancellationToken);
        if (outcome is ApiSignInOutcome.SecondFactorNeeded or ApiSignInOutcome.EnrolmentNeeded)
        {
            if (string.IsNullOrEmpty(body.Value.Totp))
            {
                return UserPassportMapper.CodeMissing;
            }

            StepInput input = outcome is ApiSignInOutcome.EnrolmentNeeded
                ? new StepInput.TotpConfirmation(body.Value.Totp, Name: null)
                : UserPassportMapper.ToInput(body.Value.Totp);
            outcome = await signIn.AdvanceAsync(reference, input, caller.Facts, cancellationToken);
        }

        return outcome is ApiSignInOutcome.SignedIn(_, var tokens, _, _)
            ? TypedResults.Ok(new PassportResponse("Login Successful", tokens.Access.Text))
            : OutcomeErrors.Of(outcome, UserPassportMapper.TokenInvalid);
    }

    private static async Task<IResult> LogoutAsync(SessionService sessions, Caller caller, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.Session.Id, SessionEndReason.SignedOut, caller.Facts, cancellationToken);
        return TypedResults.Ok(new PassportMessage("Signed out"));
    }
}
