using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoginPortal.Api.Tests.Behaviour;

public sealed class UserPassportClient(HttpClient http) : Client(http)
{
    public override string PasswordPath => "/user/login";

    public override (HttpMethod Method, string Path) BearerCall => (HttpMethod.Get, "/api/v1/me");

    public override Dictionary<string, object?> PasswordBody(string tenant, string address, string password) =>
        new(StringComparer.Ordinal) { ["tenant_slug"] = tenant, ["email"] = address, ["password"] = password };

    public override async Task<Answer> SignInAsync(string tenant, string address, string password)
    {
        var first = await PostAsync(PasswordPath, PasswordBody(tenant, address, password));
        return first is { Meaning: Meaning.Done, Handle: { } handle } ? await PassportAsync(handle, null) : first;
    }

    public override Task<Answer> TotpAsync(string tenant, string handle, string code) => PassportAsync(handle, code);

    public override Task<Answer> RecoveryCodeAsync(string tenant, string handle, string code) => PassportAsync(handle, code);

    public override Task<Answer> EnrolAsync(string tenant, Answer owed, Func<string, string> codeOfSecret) =>
        throw new NotSupportedException("The seed is in a picture alone.");

    public Task<Answer> PassportAsync(string handle, string? totp) => PostAsync("/user/passport", new { totp, token = handle });

    public override Task<HttpResponseMessage> LogoutAsync(string tenant, string token) => SendAsync(HttpMethod.Post, "/user/logout", token: token);

    public override bool IsError(JsonElement json) => json.EnumerateObject().Single().Name == "message" && Text(json, "message") is { Length: > 0 };

    protected override Answer Complete(Answer answer) => answer with
    {
        Token = Text(answer.Json, "auth_token"),
        Handle = Text(answer.Json, "token"),
    };

    protected override Meaning MeaningOf(HttpStatusCode status, JsonElement json) => (status, Text(json, "message")) switch
    {
        (HttpStatusCode.OK, _) when Text(json, "auth_token") is not null => Meaning.SignedIn,
        (HttpStatusCode.OK, _) when json.TryGetProperty("mfa_verified", out var verified) && verified.GetBoolean() => Meaning.SecondFactorNeeded,
        (HttpStatusCode.OK, _) when json.TryGetProperty("mfa_enabled", out var enabled) && enabled.GetBoolean() => Meaning.EnrolmentOwed,
        (HttpStatusCode.OK, _) => Meaning.Done,
        (HttpStatusCode.Unauthorized, "E-mail address or password is wrong.") => Meaning.CredentialsRefused,
        (HttpStatusCode.Unauthorized, "The code is wrong.") => Meaning.CodeRefused,
        (HttpStatusCode.Unauthorized, { } text) when Regex.IsMatch(text, "token is incorrect", RegexOptions.None, TimeSpan.FromSeconds(1)) => Meaning.HandleEnded,
        (HttpStatusCode.Forbidden, { } text) when text.Contains("verified", StringComparison.Ordinal) => Meaning.AddressNotVerified,
        (HttpStatusCode.Forbidden, { } text) when text.Contains("password must be changed", StringComparison.Ordinal) => Meaning.PasswordChangeNeeded,
        (HttpStatusCode.TooManyRequests, not null) => Meaning.Throttled,
        (HttpStatusCode.BadRequest, not null) => Meaning.Malformed,
        _ => Meaning.Other,
    };
}
