using System.Net;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Admin;

/// <content>Tenants, for operators of the platform.</content>
public abstract partial class AdminTests
{
    [Fact]
    public async Task Tenant_Created_IsServedAndItsAdministratorInvited()
    {
        var token = await GivenOperatorAsync();
        var slug = $"n{Guid.NewGuid():N}"[..20];

        var created = await DoAsync(token, HttpMethod.Post, "/tenants", new { slug, display_name = "New", administrator_email = $"boss-{Address}" });

        Assert.Equal((slug, "active"), (Text(created, "slug"), Text(created, "status")));
        Assert.Contains($"/t/{slug}/accept-invitation", Assert.Single(await Api.Core.Services.ReadMailsAsync($"boss-{Address}")).Text, StringComparison.Ordinal);
        Assert.Equal(slug, Text((await GetAsync(token, $"/tenants?search={slug[..5].ToUpperInvariant()}")).GetProperty("items")[0], "slug"));
        Assert.Equal(slug, Text(await GetAsync(token, $"/tenants/{Text(created, "id")}"), "slug"));
        Assert.Equal("slug_taken", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Post, "/tenants", new { slug, display_name = "New" }));
        var (status, json) = await SendAsync(HttpMethod.Post, $"{Admin}/tenants", new { slug = "-x", display_name = " ", administrator_email = "a@b.example" }, token);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["slug value_error", "display_name value_error"], ProblemsOf(json));
        await RefusedAsync(HttpStatusCode.NotFound, token, HttpMethod.Get, $"/tenants/{Guid.NewGuid()}");
    }

    [Fact]
    public async Task Tenants_PageByPage_AreEachThereOnce()
    {
        var token = await GivenOperatorAsync();
        List<string?> seen = [];
        string? cursor = null;
        do
        {
            var page = await GetAsync(token, $"/tenants?limit=2&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(tenant => Text(tenant, "slug")));
            cursor = Text(page, "next_cursor");
        }
        while (cursor is not null);

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(await ReadAsync(database => database.Tenants.CountAsync(Cancellation)), seen.Count);
    }

    [Fact]
    public async Task Tenant_Suspended_IsGoneForItsPeople_UntilResumed()
    {
        var token = await GivenOperatorAsync();
        var tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]);
        var person = await Api.Core.CreateUserAsync(tenant, $"p-{Address}", Password);
        var theirs = await LoginAsync(tenant, person.Email!);

        Assert.Equal("suspended", Text(await DoAsync(token, HttpMethod.Post, $"/tenants/{tenant.Id}/suspend"), "status"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await LoginResponseAsync(tenant, person.Email!)).Status);

        Assert.Equal("active", Text(await DoAsync(token, HttpMethod.Post, $"/tenants/{tenant.Id}/resume"), "status"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/me", token: theirs)).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(tenant, person.Email!)).Status);
        Assert.Equal(tenant.Id.ToString(), Text((await EventsAsync(token, "tenant_suspended"))[0], "subject_id"));
    }

    [Fact]
    public async Task Tenant_Deleted_IsGoneAfterTheGraceWithEverythingOfIt_UnlessResumed()
    {
        var token = await GivenOperatorAsync();
        var (gone, kept) = (await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]), await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]));
        foreach (var tenant in (TenantProfile[])[gone, kept])
        {
            var person = await Api.Core.CreateUserAsync(tenant, $"p-{Address}", Password);
            await LoginAsync(tenant, person.Email!);
            await AddAuthenticatorAsync(person);
            Assert.Equal("deletion_scheduled", Text(await DoAsync(token, HttpMethod.Delete, $"/tenants/{tenant.Id}"), "status"));
        }

        await DoAsync(token, HttpMethod.Post, $"/tenants/{kept.Id}/resume");
        var deletion = Api.Core.Services.GetRequiredService<TenantDeletion>();
        Assert.Equal(0, await deletion.RunOnceAsync(Cancellation));
        Api.Clock.Advance(TenantRegister.Grace);
        Assert.Equal(1, await deletion.RunOnceAsync(Cancellation));

        Assert.Equal(0, await ReadAsync(async database => await database.Tenants.CountAsync(t => t.Id == gone.Id, Cancellation)
            + await database.Users.IgnoreQueryFilters().CountAsync(user => user.TenantId == gone.Id, Cancellation)
            + await database.Sessions.IgnoreQueryFilters().CountAsync(session => session.TenantId == gone.Id, Cancellation)
            + await database.SecurityEvents.IgnoreQueryFilters().CountAsync(e => e.TenantId == gone.Id, Cancellation)
            + await database.Flows.IgnoreQueryFilters().CountAsync(flow => flow.TenantId == gone.Id, Cancellation)));
        Assert.Equal(HttpStatusCode.NotFound, (await LoginResponseAsync(gone, $"p-{Address}")).Status);
        Assert.Equal("mfa_required", Text((await LoginResponseAsync(kept, $"p-{Address}")).Json.GetProperty("data"), "status"));
        Assert.Equal(gone.Id.ToString(), Text((await EventsAsync(await LoginAsync(Tenant, Address), "tenant_deleted"))[0], "subject_id"));
    }

    [Fact]
    public async Task PlatformsOwnTenant_IsNeitherSuspendedNorDeleted()
    {
        var token = await GivenOperatorAsync();

        Assert.Equal("platform_tenant", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Post, $"/tenants/{Tenant.Id}/suspend"));
        Assert.Equal("platform_tenant", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Delete, $"/tenants/{Tenant.Id}"));
    }
}
