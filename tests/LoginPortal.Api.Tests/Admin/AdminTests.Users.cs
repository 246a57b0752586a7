using System.Net;
using System.Text.Json;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Admin;

/// <content>People.</content>
public abstract partial class AdminTests
{
    [Fact]
    public async Task Users_Searched_AreFoundByTheBeginningOfAddressAndNamesWithoutCaseAndAccents()
    {
        var token = await GivenAdministratorAsync();
        var anna = await PersonAsync("anna", user => (user.GivenName, user.FamilyName) = ("Änna", "Öz-Smith"));
        var bert = await PersonAsync("smithers", user => (user.GivenName, user.FamilyName) = ("Bert", "Anders"));
        await PersonAsync("carl", user => (user.GivenName, user.FamilyName) = ("Carl", "Smart"));

        foreach (var (search, expected) in ((string, string[])[])[
            ("SMITHERS", [bert.Email!]), ("oz-sm", [anna.Email!]), ("anna oz", [anna.Email!]), ("Öz-smith än", [anna.Email!]),
            ("an", [anna.Email!, bert.Email!]), ("mith", []), ("%", []), ("'", [])])
        {
            var found = await GetAsync(token, $"/users?search={Uri.EscapeDataString(search)}");
            Assert.Equal((search, string.Join(' ', expected)), (search, string.Join(' ', AddressesOf(found))));
        }

        Assert.Equal([Address], AddressesOf(await GetAsync(token, "/users?role=tenant_administrator")));
    }

    [Fact]
    public async Task Users_PageByPage_AreEachThereOnce()
    {
        var token = await GivenAdministratorAsync();
        for (var number = 0; number < 7; number++)
        {
            // Each is found by address, given name and family name at once.
            await PersonAsync($"sam{number}", user => (user.GivenName, user.FamilyName) = ("Sam", "Samson"));
            await PersonAsync($"x{number}", user => (user.GivenName, user.FamilyName) = (number % 2 == 0 ? "Sam" : "Xaver", "Samson"));
        }

        foreach (var (search, expected) in ((string, int)[])[("", 15), ("sam", 14), ("samson", 14)])
        {
            List<string?> seen = [];
            string? cursor = null;
            do
            {
                var page = await GetAsync(token, $"/users?search={search}&limit=4&cursor={cursor}");
                Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 4);
                seen.AddRange(AddressesOf(page));
                cursor = Text(page, "next_cursor");
            }
            while (cursor is not null);

            Assert.Equal((search, expected, expected), (search, seen.Count, seen.Distinct(StringComparer.Ordinal).Count()));
        }
    }

    [Theory]
    [InlineData("limit=0", "limit int_range")]
    [InlineData("limit=x", "limit int_range")]
    [InlineData("role=king", "role enum")]
    [InlineData("cursor=x", "cursor value_error")]
    [InlineData("cursor=bnVsbA", "cursor value_error")]
    public async Task Users_AskedForWrongly_SaysWhatIsWrong(string query, string problem)
    {
        var (status, json) = await SendAsync(HttpMethod.Get, $"{Admin}/users?{query}", token: await GivenAdministratorAsync());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal([problem], ProblemsOf(json));
    }

    [Fact]
    public async Task User_Created_ChoosesAPasswordByLinkAndIsTold()
    {
        var token = await GivenAdministratorAsync();
        var address = $"new-{Address}";

        var created = await DoAsync(token, HttpMethod.Post, "/users", new { email = address, first_name = "Nora", last_name = "New" });
        Assert.Equal((address, "active", "member"), (Text(created.GetProperty("user"), "email"), Text(created.GetProperty("user"), "status"), Text(created.GetProperty("user"), "role")));
        Assert.False(created.GetProperty("has_password").GetBoolean() || created.GetProperty("user").GetProperty("email_verified").GetBoolean());
        Assert.Contains("forgot-password", Assert.Single(await Api.Core.Services.ReadMailsAsync(address)).Text, StringComparison.Ordinal);
        Assert.Equal("email_taken", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Post, "/users", new { email = address.ToUpperInvariant() }));

        await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/forgot-password", new { email = address });
        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        await Api.Core.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(Cancellation);
        var mail = (await Api.Core.Services.ReadMailsAsync(address))[^1];
        await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/password/reset", new { token = mail.Token, new_password = Password });
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(Tenant, address)).Status);
        Assert.Equal(Text(created.GetProperty("user"), "id"), Text((await EventsAsync(token, "account_created"))[0], "subject_id"));
    }

    [Fact]
    public async Task User_CreatedWithAPassword_MustReplaceIt_AndWhatIsWrongIsSaid()
    {
        var token = await GivenAdministratorAsync();
        var address = $"new-{Address}";
        var (status, json) = await SendAsync(HttpMethod.Post, $"{Admin}/users", new { email = "no", password = "short", first_name = "a\u0001" }, token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "email value_error"), (status, Assert.Single(ProblemsOf(json))));
        Assert.Equal(["first_name value_error"], ProblemsOf((await SendAsync(HttpMethod.Post, $"{Admin}/users", new { email = address, first_name = "a\u0001" }, token)).Json));
        Assert.Equal(["password password_too_short"], ProblemsOf((await SendAsync(HttpMethod.Post, $"{Admin}/users", new { email = address, password = "short" }, token)).Json));
        Assert.Equal(["role enum"], ProblemsOf((await SendAsync(HttpMethod.Post, $"{Admin}/users", new { email = address, role = "king" }, token)).Json));

        var created = await DoAsync(token, HttpMethod.Post, "/users", new { email = address, password = OtherPassword });

        Assert.True(created.GetProperty("has_password").GetBoolean() && created.GetProperty("password_change_required").GetBoolean());
    }

    [Fact]
    public async Task User_Invited_GetsALink_AndNobodyGivesMoreThanTheyHave()
    {
        var token = await GivenAdministratorAsync();

        Assert.Equal("invited", Text(await DoAsync(token, HttpMethod.Post, "/users/invite", new { email = $"i-{Address}", role = "tenant_administrator" }), "status"));
        Assert.Contains("accept-invitation", Assert.Single(await Api.Core.Services.ReadMailsAsync($"i-{Address}")).Text, StringComparison.Ordinal);
        Assert.Equal("email_taken", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Post, "/users/invite", new { email = Address }));
        foreach (var path in (string[])["/users", "/users/invite"])
        {
            Assert.Equal("role_not_allowed", await RefusedAsync(
                HttpStatusCode.Forbidden, token, HttpMethod.Post, path, new { email = $"o-{Address}", role = "platform_operator" }));
        }

        var person = await PersonAsync();
        Assert.Equal("role_not_allowed", await RefusedAsync(HttpStatusCode.Forbidden, token, HttpMethod.Patch, $"/users/{person.Id}", new { role = "platform_operator" }));
        Assert.Equal("own_account", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Patch, $"/users/{Administrator.Id}", new { role = "platform_operator" }));
    }

    [Fact]
    public async Task User_Disabled_IsOutAtOnceAndTold_UntilEnabled()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        var theirs = await LoginAsync(Tenant, person.Email!);
        var refresh = _refresh;

        Assert.Equal("disabled", Text((await DoAsync(token, HttpMethod.Post, $"/users/{person.Id}/disable")).GetProperty("user"), "status"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/token/refresh", new { refresh_token = refresh })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginResponseAsync(Tenant, person.Email!)).Status);
        var disabled = (await EventsAsync(token, "account_disabled"))[0];
        Assert.Equal((person.Id.ToString(), Administrator.Id.ToString()), (Text(disabled, "subject_id"), Text(disabled, "actor_id")));
        Assert.Equal("disabled false true", string.Join(' ', disabled.GetProperty("differences")[0].EnumerateObject().Select(member => member.Value.GetString())));

        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        await DoAsync(token, HttpMethod.Post, $"/users/{person.Id}/enable");
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(Tenant, person.Email!)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal(2, (await Api.Core.Services.ReadMailsAsync(person.Email!)).Count);
    }

    [Fact]
    public async Task User_Locked_IsLetTryAgain()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        for (var number = 0; number < 6; number++)
        {
            await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/login", new { email = person.Email, password = OtherPassword });
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginResponseAsync(Tenant, person.Email!)).Status);
        Assert.True((await GetAsync(token, $"/users/{person.Id}")).GetProperty("locked").GetBoolean());

        Assert.False((await DoAsync(token, HttpMethod.Post, $"/users/{person.Id}/unlock")).GetProperty("locked").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(Tenant, person.Email!)).Status);
    }

    [Fact]
    public async Task User_SecondFactorsReset_LosesAllOfThemAndEverySession()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        var theirs = await LoginAsync(Tenant, person.Email!);
        await AddAuthenticatorAsync(person);
        Assert.Equal(1, (await GetAsync(token, $"/users/{person.Id}")).GetProperty("authenticators").GetInt32());

        var after = await DoAsync(token, HttpMethod.Post, $"/users/{person.Id}/reset-mfa");

        Assert.Equal((0, 0), (after.GetProperty("authenticators").GetInt32(), after.GetProperty("sessions").GetInt32()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal("success", Text((await LoginResponseAsync(Tenant, person.Email!)).Json.GetProperty("data"), "status"));
        var reset = (await EventsAsync(token, "second_factors_reset"))[0].GetProperty("differences")[0];
        Assert.Equal(("authenticators", "1", "0"), (Text(reset, "path"), Text(reset, "before"), Text(reset, "after")));
        Assert.Single(await Api.Core.Services.ReadMailsAsync(person.Email!));
    }

    [Fact]
    public async Task User_SessionsEnded_AreSignedOutEverywhere()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        var theirs = await LoginAsync(Tenant, person.Email!);

        Assert.Equal(0, (await DoAsync(token, HttpMethod.Post, $"/users/{person.Id}/end-sessions")).GetProperty("sessions").GetInt32());

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(Tenant, person.Email!)).Status);
    }

    [Fact]
    public async Task User_Deleted_IsClosedAndErasedAfterTheGrace_UnlessKept()
    {
        var token = await GivenAdministratorAsync();
        var (gone, kept) = (await PersonAsync(), await PersonAsync());
        foreach (var person in (PortalUser[])[gone, kept])
        {
            var deleted = (await DoAsync(token, HttpMethod.Delete, $"/users/{person.Id}")).GetProperty("user");
            Assert.Equal("deletion_scheduled", Text(deleted, "status"));
            Assert.Equal(Api.Clock.GetUtcNow() + AccountErasure.Grace, deleted.GetProperty("deleted_from").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginResponseAsync(Tenant, person.Email!)).Status);
        }

        Assert.Equal("active", Text((await DoAsync(token, HttpMethod.Post, $"/users/{kept.Id}/enable")).GetProperty("user"), "status"));
        Api.Clock.Advance(AccountErasure.Grace);
        await ActivatorUtilities.CreateInstance<ErasureSweep>(Api.Core.Services).RunOnceAsync(Cancellation);

        token = await LoginAsync(Tenant, Address);
        await RefusedAsync(HttpStatusCode.NotFound, token, HttpMethod.Get, $"/users/{gone.Id}");
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(Tenant, kept.Email!)).Status);
    }

    [Fact]
    public async Task LastAdministrator_StaysWhateverIsTried()
    {
        var token = await GivenAdministratorAsync();
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "/disable"), (HttpMethod.Post, "/reset-mfa"), (HttpMethod.Delete, "")])
        {
            Assert.Equal("own_account", await RefusedAsync(HttpStatusCode.Conflict, token, method, $"/users/{Administrator.Id}{path}"));
        }

        // Two administrators close each other at the same moment: one of them stays.
        var other = await PersonAsync("other", user => user.Role = PortalRole.TenantAdministrator);
        var theirs = await LoginAsync(Tenant, other.Email!);
        var answers = await Task.WhenAll(
            SendAsync(HttpMethod.Post, $"{Admin}/users/{other.Id}/disable", token: token),
            SendAsync(HttpMethod.Patch, $"{Admin}/users/{Administrator.Id}", new { role = "member" }, theirs));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync(
            user => user.Role == PortalRole.TenantAdministrator && user.DisabledAt == null, Cancellation)));
    }

    [Fact]
    public async Task User_WhoMayDoMore_IsOutOfReach()
    {
        await GivenOperatorAsync();
        var administrator = await PersonAsync("admin", user => user.Role = PortalRole.TenantAdministrator);
        var token = await LoginAsync(Tenant, administrator.Email!);

        foreach (var (method, path, body) in TenantCalls.Where(call => call.Path.StartsWith("/users/{id}", StringComparison.Ordinal) && call.Method != HttpMethod.Get))
        {
            var (status, json) = await SendAsync(method, At(path, Administrator.Id), body, token);
            Assert.Equal((path, HttpStatusCode.Forbidden, "role_not_allowed"), (path, status, Text(json.GetProperty("error"), "code")));
        }
    }

    [Fact]
    public async Task Role_Changed_CountsFromTheNextRequestAndIsAudited()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        var theirs = await LoginAsync(Tenant, person.Email!);
        await RefusedAsync(HttpStatusCode.Forbidden, theirs, HttpMethod.Get, "/users");

        await DoAsync(token, HttpMethod.Patch, $"/users/{person.Id}", new { role = "tenant_administrator" });
        await GetAsync(theirs, "/users");
        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        await DoAsync(token, HttpMethod.Patch, $"/users/{person.Id}", new { role = "member" });
        await RefusedAsync(HttpStatusCode.Forbidden, theirs, HttpMethod.Get, "/users");

        var changed = (await EventsAsync(token, "role_changed"))[0].GetProperty("differences")[0];
        Assert.Equal(("role", "\"tenantAdministrator\"", "\"member\""), (Text(changed, "path"), Text(changed, "before"), Text(changed, "after")));
    }

    private static IEnumerable<string?> AddressesOf(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(user => Text(user, "email"));
}
