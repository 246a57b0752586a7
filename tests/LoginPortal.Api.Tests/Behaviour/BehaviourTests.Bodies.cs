using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

public abstract partial class BehaviourTests
{
    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        await GivenAsync();
        var body = Client.PasswordBody("acme", _address, Password);
        body["padding"] = new string('a', 64 * 1024);

        await AssertRefusedAsync(JsonSerializer.SerializeToUtf8Bytes(body), "application/json", HttpStatusCode.RequestEntityTooLarge);
        await AssertRefusedAsync(JsonSerializer.SerializeToUtf8Bytes(body), "application/json", HttpStatusCode.RequestEntityTooLarge, saysItsLength: false);

        body["padding"] = new string('a', 32 * 1024);
        Assert.Contains((await Client.PostAsync(Client.PasswordPath, body)).Meaning, (Meaning[])[Meaning.SignedIn, Meaning.Done]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Body_OfAnotherMediaType_IsRefused(string? type) =>
        await AssertRefusedAsync(JsonSerializer.SerializeToUtf8Bytes(Client.PasswordBody("acme", _address, Password)), type, HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"email\":null,\"password\":null}")]
    [InlineData("{\"email\":1,\"password\":\"x\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":[]}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":true}")]
    [InlineData("{\"email\":\"no address\",\"password\":\"x\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"email\":\"a@b.example\",\"password\":\"x\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"\\u0065mail\":\"a@b.example\",\"password\":\"x\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":\"\\ud800\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":\"\\u0000\"}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":\"x\",\"deep\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}")]
    [InlineData("{\"email\":\"a@b.example\",\"password\":\"x\"} trailing")]
    public async Task Body_Malformed_IsRefusedInTheContractsShape(string body)
    {
        var json = await AssertRefusedAsync(Encoding.UTF8.GetBytes(body), "application/json", Client.MalformedStatus);

        Assert.NotEqual(JsonValueKind.Null, json.ValueKind);
    }

    [Fact]
    public async Task Body_OfNoUtf8_IsRefused() =>
        await AssertRefusedAsync([.. "{\"email\":\""u8, 0xFF, .. "\",\"password\":\"x\"}"u8], "application/json", Client.MalformedStatus);

    [Fact]
    public async Task Body_WithUnknownMembers_IsTaken()
    {
        await GivenAsync();
        var body = Client.PasswordBody("acme", _address, Password);
        body["unknown"] = new { nested = new[] { 1, 2 } };
        body["EMAIL"] = 42;

        Assert.Contains((await Client.PostAsync(Client.PasswordPath, body)).Meaning, (Meaning[])[Meaning.SignedIn, Meaning.Done]);
    }

    [Fact]
    public async Task Address_ThatIsNone_IsRefusedInTheContractsShape()
    {
        using var unknown = await Client.SendAsync(HttpMethod.Get, Client.PasswordPath + "/nothing");
        using var method = await Client.SendAsync(HttpMethod.Put, Client.PasswordPath);

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.True(Client.IsError((await Client.ReadAsync(unknown)).Json));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.True(Client.IsError((await Client.ReadAsync(method)).Json));
    }

    private async Task<JsonElement> AssertRefusedAsync(byte[] body, string? type, HttpStatusCode status, bool saysItsLength = true)
    {
        using var content = saysItsLength ? new ByteArrayContent(body) : new ContentOfUnknownLength(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await Client.SendAsync(HttpMethod.Post, Client.PasswordPath, content);
        var answer = await Client.ReadAsync(response);

        Assert.Equal(status, answer.Status);
        Assert.True(answer.Meaning == Meaning.Malformed || Client.IsError(answer.Json), answer.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.NotEmpty(Assert.Single(response.Headers.GetValues("X-Request-Id")));
        return answer.Json;
    }
}
