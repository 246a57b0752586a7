using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>Adding a passkey. Only the credential comes back, so the challenge itself says what it was for.</summary>
internal static class AccountsPasskeys
{
    public static void MapAccountsPasskeys(this IEndpointRouteBuilder accounts)
    {
        accounts.MapPost("/begin-passkey-registration", BeginAsync)
            .Answers<AccountsData<JsonElement>>().Says("Start adding a passkey", 401, 403).RequireBearerOrEnrolment();
        accounts.MapPost("/complete-passkey-registration", CompleteAsync)
            .Answers<AccountsData<PasskeyRegisteredResponse>>().Says("Finish adding a passkey", 401, 403, 429).RequireBearerOrEnrolment();
    }

    private static async Task<IResult> BeginAsync(PasskeyRegistration registration, CancellationToken cancellationToken) =>
        await registration.BeginAsync(AccountsContract.Contract.Name, PasskeyKind.Any, AccountsMapper.TokenInvalid, cancellationToken) is var (options, error)
        && options is not null
            ? AccountsMapper.Data(JsonElement.Parse(options.OptionsJsonWithCeremony))
            : error!;

    private static async Task<IResult> CompleteAsync(
        Body<CompletePasskeyRegistrationRequest> body, PasskeyRegistration registration, CancellationToken cancellationToken)
    {
        var answer = PasskeyAnswer.OfCredential(PasskeyRegistration.TextOf(body.Value.Credential)) with { Name = body.Value.Name };
        var (added, error) = await registration.CompleteAsync(
            AccountsContract.Contract.Name, answer, AccountsMapper.TokenInvalid, cancellationToken);
        return added is var (passkey, codes, tokens)
            ? AccountsMapper.Data(new PasskeyRegisteredResponse(
                passkey.Id.ToString(), passkey.Name, codes, tokens?.Access.Text, tokens?.RefreshToken))
            : AccountsMapper.WithoutConflict(error!);
    }
}
