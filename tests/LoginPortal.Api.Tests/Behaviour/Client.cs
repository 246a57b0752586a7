using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

/// <summary>A client of one contract: it knows the contract's addresses and fields, and reads its answers.</summary>
public abstract class Client(HttpClient http)
{
    /// <summary>Where a password goes.</summary>
    public abstract string PasswordPath { get; }

    /// <summary>The status of a malformed request.</summary>
    public virtual HttpStatusCode MalformedStatus => HttpStatusCode.BadRequest;

    /// <summary>Whether the contract has refresh tokens.</summary>
    public virtual bool Refreshes => false;

    /// <summary>Whether the tenant stands in the address, so that a field cannot name another.</summary>
    public virtual bool TellsUsedCodes => false;

    /// <summary>The address of a call that needs a bearer and changes nothing.</summary>
    public abstract (HttpMethod Method, string Path) BearerCall { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The fields of a password call.</summary>
    public abstract Dictionary<string, object?> PasswordBody(string tenant, string address, string password);

    public abstract Task<Answer> SignInAsync(string tenant, string address, string password);

    public abstract Task<Answer> TotpAsync(string tenant, string handle, string code);

    public abstract Task<Answer> RecoveryCodeAsync(string tenant, string handle, string code);

    /// <summary>Sets up an app with what a sign-in that owes it was answered.</summary>
    public abstract Task<Answer> EnrolAsync(string tenant, Answer owed, Func<string, string> codeOfSecret);

    public virtual Task<Answer> RefreshAsync(string tenant, string? token, string refreshToken) => throw new NotSupportedException();

    /// <summary>Whether a passkey signs in alone, and is a second factor.</summary>
    public virtual bool TakesPasskeys => false;

    /// <summary>Starts a passkey for an address, or for a handle.</summary>
    public virtual Task<Challenge> BeginPasskeyAsync(string tenant, string address) => throw new NotSupportedException();

    public virtual Task<Challenge> BeginSecondPasskeyAsync(string tenant, string address, Guid userId, string handle) => throw new NotSupportedException();

    /// <summary>Gives a passkey's answer; with a handle as the second factor.</summary>
    public virtual Task<Answer> PasskeyAsync(string tenant, string challengeId, string credential, string? handle = null) => throw new NotSupportedException();

    public abstract Task<HttpResponseMessage> LogoutAsync(string tenant, string token);

    /// <summary>Whether the answer has the contract's shape for errors.</summary>
    public abstract bool IsError(JsonElement json);

    protected abstract Meaning MeaningOf(HttpStatusCode status, JsonElement json);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await http.SendAsync(request, Cancellation);
    }

    public async Task<Answer> PostAsync(string path, object body, string? token = null)
    {
        using var response = await SendAsync(HttpMethod.Post, path, JsonContent.Create(body), token);
        return await ReadAsync(response);
    }

    public async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var json = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var answer = new Answer(response.StatusCode, MeaningOf(response.StatusCode, json), json) { RetryAfter = response.Headers.RetryAfter?.Delta };
        return Complete(answer);
    }

    protected virtual Answer Complete(Answer answer) => answer;

    protected static string? Text(JsonElement json, params string[] path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
    }
}
