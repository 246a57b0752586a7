using System.Net;
using LoginPortal.Core.Data;
using LoginPortal.Nodes.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Nodes.Tests;

/// <summary>What every node could do, and one does.</summary>
public sealed class SharedWorkTests(Cluster nodes)
{
    private const int People = 12;

    /// <summary>A well-formed token signed with a key that nobody has published.</summary>
    private const string UnknownKey = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im5vYm9keXMifQ.e30.AAAA";

    [Fact]
    public async Task Mails_WithFourNodesSending_AreSentOnce()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var addresses = new List<string>();
        for (var n = 0; n < People; n++)
        {
            addresses.Add(await nodes.AddPersonAsync());
        }

        await Task.WhenAll(addresses.Select((address, n) => (n % 2 == 0 ? here : there).PostAsync($"{ApiClient.Tenant}/forgot-password", new { email = address })));

        Assert.True(await Eventually.IsAsync(
            async () =>
            {
                await using var scope = nodes.Core.OpenTenant(nodes.Acme);
                return await scope.Database.OutboxMails.CountAsync(mail => addresses.Contains(mail.Recipient) && mail.SentAt != null) == People;
            },
            TimeSpan.FromSeconds(15)));
        lock (nodes.Mail.Mails)
        {
            Assert.All(addresses, address => Assert.Single(nodes.Mail.Mails, mail => mail.Data.Contains($"To: {address}\r\n", StringComparison.Ordinal) || mail.Data.Contains($"To: {address}\n", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Branding_PublishedAtAnApi_IsInTheNextPageOfEachPortal()
    {
        using var api = nodes.Apis[0].OpenClient();
        using var here = nodes.Portals[0].OpenBrowser();
        using var there = nodes.Portals[1].OpenBrowser();
        var token = (await api.SignInAsync("admin@acme.example"))["access_token"];

        for (var radius = 1; radius <= 10; radius++)
        {
            await Task.WhenAll(here.GetAsync("/t/acme/sign-in"), there.GetAsync("/t/acme/sign-in"));
            await PublishAsync(api, token, radius);

            var pages = await Task.WhenAll(here.GetAsync("/t/acme/sign-in"), there.GetAsync("/t/acme/sign-in"));

            var revision = (string)(await api.GetAsync("/api/v1/admin/branding", token)).Json["data"]!["live_revision_id"]!;
            Assert.All(pages, page => Assert.True(page.Has($"link[href='brand/{revision}.css']")));
        }
    }

    [Fact]
    public async Task SigningKey_DueAtEveryNodeAtOnce_IsMadeOnce()
    {
        await using (var scope = nodes.Core.CreateScope())
        {
            var soon = TimeProvider.System.GetUtcNow().AddDays(1);
            await scope.ServiceProvider.GetRequiredService<PortalDbContext>().SigningKeys
                .ExecuteUpdateAsync(keys => keys.SetProperty(key => key.SignsUntil, soon));
        }

        var clients = nodes.Apis.Select(node => node.OpenClient()).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => clients[n % 2].GetAsync("/api/v1/me", UnknownKey))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        await using (var scope = nodes.Core.CreateScope())
        {
            var until = TimeProvider.System.GetUtcNow().AddDays(2);
            Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<PortalDbContext>().SigningKeys.CountAsync(key => key.SignsUntil > until));
        }

        var published = await Task.WhenAll(clients.Select(client => client.GetAsync("/.well-known/jwks.json")));
        Assert.Single(published.Select(set => set.Json.ToJsonString()).Distinct());
        clients.ForEach(client => client.Dispose());
    }

    private static async Task PublishAsync(ApiClient api, string token, int radius)
    {
        var before = (await api.GetAsync("/api/v1/admin/branding", token)).Json["data"]!;
        var draft = await api.SendAsync(
            HttpMethod.Patch, "/api/v1/admin/branding/draft", new { version = (int)before["version"]!, document = new { corner_radius = radius } }, token);
        var published = await api.PostAsync(
            "/api/v1/admin/branding/publish",
            new { version = (int)draft.Json["data"]!["version"]!, live_revision_id = (string?)before["live_revision_id"] },
            token);
        Assert.Equal(HttpStatusCode.OK, published.Status);
    }
}
