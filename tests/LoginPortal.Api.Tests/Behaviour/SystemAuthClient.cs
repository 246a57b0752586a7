using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

public sealed class SystemAuthClient(HttpClient http) : Client(http)
{
    public override string PasswordPath => "/v1/auth/login";

    public override (HttpMethod Method, string Path) BearerCall => (HttpMethod.Get, "/v1/users/me/mfa");

    public override Dictionary<string, object?> PasswordBody(string tenant, string address, string password) =>
        new(StringComparer.Ordinal) { ["tenant_slug"] = tenant, ["email"] = address, ["password"] = password };

    public override Task<Answer> SignInAsync(string tenant, string address, string password) =>
        PostAsync(PasswordPath, PasswordBody(tenant, address, password));

    public override Task<Answer> TotpAsync(string tenant, string handle, string code) =>
        PostAsync("/v1/auth/mfa/challenge", new { challenge_id = handle, method = "totp", code });

    public override Task<Answer> RecoveryCodeAsync(string tenant, string handle, string code) =>
        PostAsync("/v1/auth/mfa/verify", new { challenge_id = handle, method = "recovery_code", code });

    public override async Task<Answer> EnrolAsync(string tenant, Answer owed, Func<string, string> codeOfSecret)
    {
        var begun = (await PostAsync("/v1/users/me/mfa/totp", new { }, owed.Token)).Json;
        return await PostAsync(
            "/v1/users/me/mfa/totp/verify",
            new { id = begun.GetProperty("id").GetString(), code = codeOfSecret(begun.GetProperty("secret").GetString()!) },
            owed.Token);
    }

    public override async Task<Challenge> BeginSecondPasskeyAsync(string tenant, string address, Guid userId, string handle) => new(
        "", (await PostAsync("/v1/auth/mfa/challenge", new { challenge_id = handle, method = "webauthn_passkey" })).Json.GetProperty("public_key").GetRawText());

    public override Task<Answer> PasskeyAsync(string tenant, string challengeId, string credential, string? handle = null) =>
        PostAsync("/v1/auth/mfa/verify", new { challenge_id = handle, method = "webauthn_passkey", credential = JsonElement.Parse(credential) });

    public override Task<HttpResponseMessage> LogoutAsync(string tenant, string token) => SendAsync(HttpMethod.Post, "/v1/auth/logout", token: token);

    public override bool IsError(JsonElement json) => Text(json, "code") is { Length: > 0 } && Text(json, "message") is { Length: > 0 };

    protected override Answer Complete(Answer answer) => answer with
    {
        Token = Text(answer.Json, "token"),
        Handle = Text(answer.Json, "challenge_id"),
    };

    protected override Meaning MeaningOf(HttpStatusCode status, JsonElement json) => (status, Text(json, "code")) switch
    {
        (HttpStatusCode.OK, _) when json.ValueKind != JsonValueKind.Object => Meaning.Done,
        (HttpStatusCode.OK, _) when json.TryGetProperty("mfa_required", out var mfa) && mfa.GetBoolean() => Meaning.SecondFactorNeeded,
        (HttpStatusCode.OK, _) when json.TryGetProperty("enrollment_required", out var owed) && owed.GetBoolean() => Meaning.EnrolmentOwed,
        (HttpStatusCode.OK, _) when Text(json, "token") is not null => Meaning.SignedIn,
        (HttpStatusCode.OK, _) => Meaning.Done,
        (HttpStatusCode.Unauthorized, "invalid_credentials") => Meaning.CredentialsRefused,
        (HttpStatusCode.Unauthorized, "invalid_code") => Meaning.CodeRefused,
        (HttpStatusCode.Gone, "challenge_expired") => Meaning.HandleEnded,
        (HttpStatusCode.Forbidden, "email_not_verified") => Meaning.AddressNotVerified,
        (HttpStatusCode.Forbidden, "password_change_required") => Meaning.PasswordChangeNeeded,
        (HttpStatusCode.TooManyRequests, "too_many_attempts") => Meaning.Throttled,
        (HttpStatusCode.BadRequest, "invalid_request") => Meaning.Malformed,
        _ => Meaning.Other,
    };
}
