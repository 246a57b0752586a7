using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.OpenId;

public sealed class ClientAdministrationSqliteTests() : ClientAdministrationTests(DatabaseProvider.Sqlite);

public sealed class ClientAdministrationPostgreSqlTests() : ClientAdministrationTests(DatabaseProvider.PostgreSql);

public abstract class ClientAdministrationTests(DatabaseProvider provider) : OpenIdTestBase(provider)
{
    private static readonly ClientDraft Web = ClientDraft.For(OpenIdClientKind.Web) with { Name = " Orders ", RedirectUris = [RedirectUri, " "] };

    private ClientAdministration Administration => Host.Services.GetRequiredService<ClientAdministration>();

    private AdministratorSession Administrator => new(Tenant.Id, SessionId, Browser.Facts);

    [Fact]
    public async Task Application_Registered_WorksWithTheSecretThatIsShownOnce()
    {
        await GivenAdministratorAsync();

        var created = await DoneAsync(Administration.CreateAsync(Administrator, Web, CancellationToken.None));

        Assert.Equal(("Orders", Issuer), (created.Client.Draft.Name, created.Client.Issuer));
        Assert.Equal([RedirectUri], created.Client.Draft.RedirectUris);
        Assert.EndsWith(Assert.Single(created.Client.Secrets).Ending, created.NewSecret!, StringComparison.Ordinal);
        Assert.True(await IsAcceptedAsync(created.Client.ClientId, created.NewSecret!));
        Assert.Null((await DoneAsync(Administration.ShowAsync(Administrator, created.Client.Id, CancellationToken.None))).NewSecret);
        Assert.DoesNotContain(created.NewSecret!, await ReadAsync(data => data.OpenIdClientSecrets.Select(s => s.SecretHash).SingleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreTwoAtMostWhileOneIsReplaced()
    {
        await GivenAdministratorAsync();
        var created = await DoneAsync(Administration.CreateAsync(Administrator, Web, CancellationToken.None));
        var id = created.Client.Id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Administration.AddSecretAsync(Administrator, id, CancellationToken.None)));
        var added = Assert.Single(answers.Select(Value).OfType<ClientChangeResult.Done>());
        Assert.True(await IsAcceptedAsync(created.Client.ClientId, created.NewSecret!));
        Assert.True(await IsAcceptedAsync(created.Client.ClientId, added.NewSecret!));

        await DoneAsync(Administration.RemoveSecretAsync(Administrator, id, created.Client.Secrets[0].Id, CancellationToken.None));
        Assert.False(await IsAcceptedAsync(created.Client.ClientId, created.NewSecret!));
        Assert.True(await IsAcceptedAsync(created.Client.ClientId, added.NewSecret!));
    }

    [Fact]
    public async Task Draft_WithSomethingWrong_SaysWhatAndChangesNothing()
    {
        await GivenAdministratorAsync();
        var created = await DoneAsync(Administration.CreateAsync(Administrator, Web, CancellationToken.None));
        var service = ClientDraft.For(OpenIdClientKind.Service) with { Name = "Service" };
        foreach (var (draft, problem) in ((ClientDraft, ClientProblem)[])
        [
            (Web with { Name = "" }, ClientProblem.Name),
            (Web with { Name = new string('x', 101) }, ClientProblem.Name),
            (Web with { Authentication = ClientAuthenticationKind.None }, ClientProblem.Authentication),
            (Web with { Kind = OpenIdClientKind.SinglePage }, ClientProblem.Authentication),
            (Web with { RedirectUris = [] }, ClientProblem.RedirectUris),
            (Web with { RedirectUris = ["http://app.example.org/"] }, ClientProblem.RedirectUris),
            (Web with { PostLogoutRedirectUris = ["javascript:alert(1)"] }, ClientProblem.PostLogoutRedirectUris),
            (Web with { BackChannelLogoutUri = "http://10.0.0.1/" }, ClientProblem.BackChannelLogoutUri),
            (Web with { Scopes = ["orders:read"] }, ClientProblem.Scopes),
            (Web with { Authentication = ClientAuthenticationKind.PrivateKey, KeySetJson = "{}" }, ClientProblem.KeySet),
            (Web with { Authentication = ClientAuthenticationKind.PrivateKey, KeySetJson = """{"keys":[{"kty":"oct","k":"AAAA"}]}""" }, ClientProblem.KeySet),
            (service with { Scopes = ["openid"] }, ClientProblem.Scopes),
            (service with { Scopes = ["a b"] }, ClientProblem.Scopes),
        ])
        {
            Assert.Equal(
                [problem], Assert.IsType<ClientChangeResult.Invalid>(Value(await Administration.CreateAsync(Administrator, draft, CancellationToken.None))).Problems);
        }

        Assert.IsType<ClientChangeResult.Invalid>(
            Value(await Administration.ChangeAsync(Administrator, created.Client.Id, Web with { Name = "" }, CancellationToken.None)));
        Assert.Equal("Orders", await ReadAsync(data => data.OpenIdClients.Select(c => c.Name).SingleAsync()));
    }

    [Fact]
    public async Task Change_IsAuditedWithItsDifferenceAndNeverWithASecret()
    {
        await GivenAdministratorAsync();
        var created = await DoneAsync(Administration.CreateAsync(Administrator, Web, CancellationToken.None));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(Administration.ChangeAsync(Administrator, created.Client.Id, Web with { Name = "Shop", AllowsMissingCodeChallenge = true }, CancellationToken.None));
        await DoneAsync(Administration.ChangeAsync(Administrator, created.Client.Id, Web with { Name = "Shop", AllowsMissingCodeChallenge = true }, CancellationToken.None));

        var changed = await ReadAsync(data => data.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.ApplicationChanged));
        Assert.Equal((User.Id, created.Client.Id), (changed.ActorId, changed.SubjectId));
        Assert.Equal(
            [new AuditDifference("name", "\"Orders\"", "\"Shop\""), new AuditDifference("allowsMissingCodeChallenge", "false", "true")], changed.Differences);
        var all = await ReadAsync(data => data.SecurityEvents.ToListAsync());
        Assert.DoesNotContain(all, row => row.Differences?.Any(difference => difference.After?.Contains(created.NewSecret!, StringComparison.Ordinal) == true) == true);
    }

    [Fact]
    public async Task Deleted_TakesItsTokensWithIt()
    {
        await GivenAdministratorAsync();
        var client = await AddClientAsync("app");
        var issued = Issued(await RedeemAsync(CodeOf(await BeginAsync(Parameters(
            ("client_id", "app"), ("redirect_uri", RedirectUri), ("response_type", "code"), ("scope", "openid offline_access"),
            ("code_challenge", ChallengeOf(Verifier)), ("code_challenge_method", "S256")))), client: client));
        Assert.True(await IsActiveAsync(issued.AccessToken, client));

        Assert.IsType<ClientChangeResult.Deleted>(Value(await Administration.DeleteAsync(Administrator, client.Id, CancellationToken.None)));

        Assert.False(await IsActiveAsync(issued.AccessToken, client));
        Assert.Equal(0, await ReadAsync(data => data.OpenIdGrants.CountAsync()));
        Assert.IsType<ClientChangeResult.NotFound>(Value(await Administration.ShowAsync(Administrator, client.Id, CancellationToken.None)));
    }

    [Fact]
    public async Task WhoIsNoAdministrator_OrOfAnotherTenant_SeesAndChangesNothing()
    {
        await GivenApplicationAsync();

        foreach (var refused in (AdministrationResult<ClientChangeResult>[])
        [
            await Administration.ShowAsync(Administrator, Client.Id, CancellationToken.None),
            await Administration.CreateAsync(Administrator, Web, CancellationToken.None),
            await Administration.ChangeAsync(Administrator, Client.Id, Web, CancellationToken.None),
            await Administration.AddSecretAsync(Administrator, Client.Id, CancellationToken.None),
            await Administration.DeleteAsync(Administrator, Client.Id, CancellationToken.None),
        ])
        {
            Assert.Equal(AdministrationRefusal.NotAllowed, Assert.IsType<AdministrationResult<ClientChangeResult>.Refused>(refused).Reason);
        }

        var globex = await Host.CreateTenantAsync("globex");
        var theirs = await AddClientAsync("theirs", tenant: globex);
        await PromoteAsync();
        Assert.IsType<ClientChangeResult.NotFound>(Value(await Administration.ShowAsync(Administrator, theirs.Id, CancellationToken.None)));
        Assert.IsType<ClientChangeResult.NotFound>(Value(await Administration.DeleteAsync(Administrator, theirs.Id, CancellationToken.None)));
    }

    private async Task GivenAdministratorAsync()
    {
        await GivenAsync(configure: user => user.Role = PortalRole.TenantAdministrator);
        SessionId = await SignedInAsync();
    }

    private async Task PromoteAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        (await scope.Database.Users.SingleAsync(user => user.Id == User.Id)).Role = PortalRole.TenantAdministrator;
        await scope.Database.SaveChangesAsync();
    }

    private async Task<bool> IsAcceptedAsync(string clientId, string secret) => await UseAsync((ClientAuthenticator service) => service.AuthenticateAsync(
        null, Parameters(("client_id", clientId), ("client_secret", secret)), OpenIdIssuer.TokenPath, CancellationToken.None)) is ClientAuthenticationResult.Authenticated;

    private static ClientChangeResult Value(AdministrationResult<ClientChangeResult> result) =>
        Assert.IsType<AdministrationResult<ClientChangeResult>.Answered>(result).Value;

    private static async Task<ClientChangeResult.Done> DoneAsync(Task<AdministrationResult<ClientChangeResult>> result) =>
        Assert.IsType<ClientChangeResult.Done>(Value(await result));
}
