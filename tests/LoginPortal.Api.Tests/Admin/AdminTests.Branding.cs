using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Admin;

/// <content>Branding.</content>
public abstract partial class AdminTests
{
    [Fact]
    public async Task Branding_Drafted_IsSeenByNobodyUntilPublished_AndRolledBack()
    {
        var token = await GivenAdministratorAsync();
        var begun = await DoAsync(token, HttpMethod.Patch, "/branding/draft", new { version = 0, document = new { corner_radius = 4, layout = "split" } });
        Assert.Equal((1, 4, 16), (begun.GetProperty("version").GetInt32(), begun.GetProperty("document").GetProperty("corner_radius").GetInt32(), await LiveRadiusAsync()));
        Assert.Equal("split", Text(begun.GetProperty("document"), "layout"));

        var published = await DoAsync(token, HttpMethod.Post, "/branding/publish", new { version = 1, live_revision_id = (string?)null });
        Assert.Equal((1, 0, 4), (published.GetProperty("live_number").GetInt32(), published.GetProperty("version").GetInt32(), await LiveRadiusAsync()));
        var first = Text(published, "live_revision_id");
        Assert.Equal("changed_meanwhile", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Post, "/branding/publish", new { version = 1 }));

        var restored = await DoAsync(token, HttpMethod.Post, "/branding/revisions/default/restore", new { live_revision_id = first });
        Assert.Equal(16, await LiveRadiusAsync());
        await DoAsync(token, HttpMethod.Post, $"/branding/revisions/{first}/restore", new { live_revision_id = Text(restored, "live_revision_id") });
        Assert.Equal(4, await LiveRadiusAsync());
        var revisions = await GetAsync(token, "/branding/revisions");
        Assert.Equal([3, 2, 1], revisions.EnumerateArray().Select(revision => revision.GetProperty("number").GetInt32()));
        Assert.Equal(1, (await GetAsync(token, "/branding/revisions?before=2")).GetArrayLength());
        Assert.Equal(4, (await GetAsync(token, $"/branding/revisions/{first}")).GetProperty("corner_radius").GetInt32());
        Assert.NotEqual(0, (await EventsAsync(token, "branding_published"))[0].GetProperty("differences").GetArrayLength());

        async Task<int> LiveRadiusAsync() => (await SendAsync(HttpMethod.Get, $"/api/v1/auth/tenants/{Tenant.Slug}/branding")).Json.GetProperty("data").GetProperty("corner_radius").GetInt32();
    }

    [Theory]
    [InlineData("""{"document":{"corner_radius":99,"light":{"accent":"red"},"terms_link":"http://x.example","texts":{"xx":{}}}}""", "document.light.accent color", "document.corner_radius out_of_range", "document.texts.xx language", "document.terms_link link")]
    [InlineData("""{"document":{"layout":"round"}}""", "document.layout type_error")]
    [InlineData("""{"document":{"light":{"accent":null}}}""", "document.light type_error")]
    [InlineData("""{"document":7}""", "document type_error")]
    [InlineData("""{"version":"x"}""", "version type_error")]
    public async Task Branding_ThatCannotBe_SaysWhatAndWhere(string patch, params string[] problems)
    {
        var token = await GivenAdministratorAsync();

        var (status, json) = await SendAsync(HttpMethod.Patch, $"{Admin}/branding/draft", JsonElement.Parse(patch), token);

        Assert.True(status == HttpStatusCode.UnprocessableEntity, json.GetRawText());
        Assert.Equal(problems, ProblemsOf(json).Select(problem => problem.StartsWith("document.light ", StringComparison.Ordinal) ? "document.light type_error" : problem));
        Assert.Equal(0, (await GetAsync(token, "/branding")).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Branding_WithAPicture_IsExportedAndBecomesTheDraftOfAnotherTenant()
    {
        var token = await GivenAdministratorAsync();
        var picture = System.Text.Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
        var stored = (await SendRawAsync("/branding/assets/logo", picture, token)).Json.GetProperty("data");
        Assert.Equal(("image/svg+xml", 9), (Text(stored, "content_type"), stored.GetProperty("width").GetInt32()));
        var refused = await SendRawAsync("/branding/assets/logo", System.Text.Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"), token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "file attribute"), (refused.Status, ProblemsOf(refused.Json).Single()));
        Assert.Equal("file too_large", ProblemsOf((await SendRawAsync("/branding/assets/logo", new byte[600 * 1024], token)).Json).Single());
        Assert.Equal(HttpStatusCode.NotFound, (await SendRawAsync("/branding/assets/1", picture, token)).Status);
        await DoAsync(token, HttpMethod.Patch, "/branding/draft", new { document = new { logo_light = Text(stored, "key"), corner_radius = 3 } });
        var (status, file) = await SendAsync(HttpMethod.Get, $"{Admin}/branding/export", token: token);
        Assert.Equal((HttpStatusCode.OK, "loginportal-branding"), (status, Text(file, "format")));

        var other = await GivenAnotherAdministratorAsync();
        var imported = await SendRawAsync("/branding/import", System.Text.Encoding.UTF8.GetBytes(file.GetRawText()), other);
        Assert.Equal((1, 3), (imported.Json.GetProperty("data").GetProperty("version").GetInt32(), imported.Json.GetProperty("data").GetProperty("document").GetProperty("corner_radius").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await SendRawAsync("/branding/import", System.Text.Encoding.UTF8.GetBytes(file.GetRawText()), other)).Status);
        Assert.Equal("file json", ProblemsOf((await SendRawAsync("/branding/import", "x"u8.ToArray(), other)).Json).Single());

        Task<(HttpStatusCode Status, JsonElement Json)> SendRawAsync(string path, byte[] content, string bearer) => SendAsync(HttpMethod.Post, Admin + path, content, bearer);

        async Task<string> GivenAnotherAdministratorAsync()
        {
            Tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]);
            var address = $"other-{Address}";
            await Api.Core.CreateUserAsync(Tenant, address, Password, user => user.Role = Core.Accounts.PortalRole.TenantAdministrator);
            return await LoginAsync(Tenant, address);
        }
    }

    [Fact]
    public async Task Branding_OfTwoAtOnce_TheSecondIsTold_AndTextsWithoutOnesAreNone()
    {
        var token = await GivenAdministratorAsync();
        await DoAsync(token, HttpMethod.Patch, "/branding/draft", new { document = new { texts = new { en = new { nothing = (string?)null } } } });

        Assert.Equal("changed_meanwhile", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Patch, "/branding/draft", new { version = 7, document = new { corner_radius = 1 } }));
        Assert.Equal("changed_meanwhile", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Delete, "/branding/draft?version=7"));
        Assert.Equal(0, (await DoAsync(token, HttpMethod.Delete, "/branding/draft?version=1")).GetProperty("version").GetInt32());
        Assert.Equal("not_found", await RefusedAsync(HttpStatusCode.NotFound, token, HttpMethod.Post, $"/branding/revisions/{Guid.NewGuid()}/restore", new { }));
    }
}
