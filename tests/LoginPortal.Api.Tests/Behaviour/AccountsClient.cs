using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

public sealed class AccountsClient(HttpClient http) : Client(http)
{
    public override string PasswordPath => "/accounts/auth-with-password";

    public override bool Refreshes => true;

    public override (HttpMethod Method, string Path) BearerCall => (HttpMethod.Get, "/accounts/session-tokens");

    public override Dictionary<string, object?> PasswordBody(string tenant, string address, string password) =>
        new(StringComparer.Ordinal) { ["account"] = tenant, ["email"] = address, ["password"] = password };

    public override Task<Answer> SignInAsync(string tenant, string address, string password) =>
        PostAsync(PasswordPath, PasswordBody(tenant, address, password));

    public override Task<Answer> TotpAsync(string tenant, string handle, string code) =>
        PostAsync("/accounts/auth-with-totp", new { token = handle, code });

    public override Task<Answer> RecoveryCodeAsync(string tenant, string handle, string code) =>
        PostAsync("/accounts/auth-with-recovery-code", new { token = handle, code });

    public override async Task<Answer> EnrolAsync(string tenant, Answer owed, Func<string, string> codeOfSecret)
    {
        var begun = await PostAsync("/accounts/generate-totp-key", new { }, owed.Token);
        var secret = begun.Json.GetProperty("data").GetProperty("secret").GetString()!;
        return await PostAsync("/accounts/confirm-totp-registration", new { code = codeOfSecret(secret), secret }, owed.Token);
    }

    public override Task<Answer> RefreshAsync(string tenant, string? token, string refreshToken) =>
        PostAsync("/accounts/refresh-token", new { auth_token = token, refresh_token = refreshToken });

    public override bool TakesPasskeys => true;

    public override async Task<Challenge> BeginPasskeyAsync(string tenant, string address) => new(
        "", (await PostAsync("/accounts/begin-auth-with-passkey", new { email = address, account = tenant })).Json.GetProperty("data").GetRawText());

    public override Task<Challenge> BeginSecondPasskeyAsync(string tenant, string address, Guid userId, string handle) =>
        BeginPasskeyAsync(tenant, address);

    public override Task<Answer> PasskeyAsync(string tenant, string challengeId, string credential, string? handle = null) =>
        PostAsync("/accounts/complete-auth-with-passkey", new { credential, token = handle });

    public override Task<HttpResponseMessage> LogoutAsync(string tenant, string token) =>
        SendAsync(HttpMethod.Post, "/accounts/logout", token: token);

    public override bool IsError(JsonElement json) => json.EnumerateObject().Single().Name == "error" && Text(json, "error") is { Length: > 0 };

    protected override Answer Complete(Answer answer) => answer with
    {
        Token = Text(answer.Json, "data", "auth_token"),
        RefreshToken = Text(answer.Json, "data", "refresh_token"),
        Handle = Text(answer.Json, "data", "token"),
    };

    protected override Meaning MeaningOf(HttpStatusCode status, JsonElement json) => (status, Text(json, "error")) switch
    {
        (HttpStatusCode.OK, _) when Text(json, "data", "token") is not null => Meaning.SecondFactorNeeded,
        (HttpStatusCode.OK, _) when Text(json, "data", "refresh_token") is not null => Meaning.SignedIn,
        (HttpStatusCode.OK, _) when Text(json, "data", "auth_token") is not null => Meaning.EnrolmentOwed,
        (HttpStatusCode.OK, _) => Meaning.Done,
        (HttpStatusCode.Unauthorized, "E-mail address or password is wrong.") => Meaning.CredentialsRefused,
        (HttpStatusCode.Unauthorized, "The code is wrong.") => Meaning.CodeRefused,
        (HttpStatusCode.Unauthorized, "The passkey was not accepted.") => Meaning.PasskeyRefused,
        (HttpStatusCode.Unauthorized, "Invalid or expired token") => Meaning.HandleEnded,
        (HttpStatusCode.Forbidden, { } text) when text.Contains("verified", StringComparison.Ordinal) => Meaning.AddressNotVerified,
        (HttpStatusCode.Forbidden, { } text) when text.Contains("password must be changed", StringComparison.Ordinal) => Meaning.PasswordChangeNeeded,
        (HttpStatusCode.TooManyRequests, not null) => Meaning.Throttled,
        (HttpStatusCode.BadRequest, not null) => Meaning.Malformed,
        _ => Meaning.Other,
    };
}
