using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Admin;

/// <content>Security events.</content>
public abstract partial class AdminTests
{
    [Fact]
    public async Task Audit_Filtered_GivesTheEventsThatAreMeant()
    {
        var token = await GivenAdministratorAsync();
        var (one, two) = (await PersonAsync(), await PersonAsync());
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var start = Api.Clock.GetUtcNow();
        await DoAsync(token, HttpMethod.Post, $"/users/{one.Id}/disable");
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        await DoAsync(token, HttpMethod.Post, $"/users/{two.Id}/disable");
        await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/login", new { email = Address, password = OtherPassword });

        foreach (var (query, count) in ((string, int)[])[
            ("kind=account_disabled", 2), ($"subject_id={one.Id}", 1), ($"actor_id={Administrator.Id}&kind=account_disabled", 2), ($"actor_id={one.Id}", 0), ("outcome=refused", 1),
            ($"from={Uri.EscapeDataString(start.ToString("O"))}&kind=account_disabled", 2), ($"until={Uri.EscapeDataString(start.AddSeconds(1).ToOffset(TimeSpan.FromHours(5)).ToString("O"))}&kind=account_disabled", 1)])
        {
            Assert.Equal((query, count), (query, (await GetAsync(token, $"/audit?{query}")).GetProperty("items").GetArrayLength()));
        }

        var (status, json) = await SendAsync(HttpMethod.Get, $"{Admin}/audit?from=soon&subject_id=x&outcome=maybe&cursor=e30", token: token);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["outcome enum", "subject_id uuid_parsing", "from datetime_parsing"], ProblemsOf(json));
        Assert.Equal(["cursor value_error"], ProblemsOf((await SendAsync(HttpMethod.Get, $"{Admin}/audit?cursor=e30", token: token)).Json));
    }

    [Fact]
    public async Task Audit_PageByPageAndExported_GivesEachEventOnceTheNewestFirst()
    {
        var token = await GivenAdministratorAsync();
        for (var number = 0; number < 5; number++)
        {
            // Several at the same moment.
            await PersonAsync();
            await DoAsync(token, HttpMethod.Post, "/users", new { email = $"n{number}-{Address}" });
        }

        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        List<string?> paged = [];
        string? cursor = null;
        do
        {
            var page = await GetAsync(token, $"/audit?limit=2&cursor={cursor}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "id")));
            cursor = Text(page, "next_cursor");
        }
        while (cursor is not null);

        using var http = Api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Admin}/audit/export");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await http.SendAsync(request, Cancellation);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(paged.Count, paged.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("audit_exported", Text(lines[0], "kind"));
        Assert.Equal(paged, lines.Skip(1).Select(line => Text(line, "id")));
        Assert.Equal(lines.Select(line => Text(line, "occurred_at")).OrderDescending(StringComparer.Ordinal), lines.Select(line => Text(line, "occurred_at")));
    }
}
