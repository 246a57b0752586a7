using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.OpenId;

public sealed class EndSessionSqliteTests() : EndSessionTests(DatabaseProvider.Sqlite);

public sealed class EndSessionPostgreSqlTests() : EndSessionTests(DatabaseProvider.PostgreSql);

public abstract class EndSessionTests(DatabaseProvider provider) : OpenIdTestBase(provider)
{
    private const string Home = "https://app.example.org/";

    [Fact]
    public async Task Hint_OfTheApplication_EndsTheSessionAndLeadsBack()
    {
        await GivenApplicationAsync();
        var hint = (await GetTokensAsync()).IdToken;
        Clock.Advance(TimeSpan.FromMinutes(30));

        var ended = Assert.IsType<EndSessionResult.Ended>(await EndAsync(
            ("id_token_hint", hint), ("post_logout_redirect_uri", Home), ("state", "s"), ("client_id", "app")));

        Assert.True(ended.IsBrowsers);
        Assert.Equal("https://app.example.org/?state=s", ended.Next!.Address);
        Assert.Equal(SessionEndReason.SignedOut, await ReadAsync(data => data.Sessions.Where(s => s.Id == SessionId).Select(s => s.EndReason).SingleAsync()));
    }

    [Fact]
    public async Task WithoutAHint_ThePersonIsAsked()
    {
        await GivenApplicationAsync();

        var asked = Assert.IsType<EndSessionResult.Unproven>(await EndAsync(("client_id", "app"), ("post_logout_redirect_uri", Home)));

        Assert.Equal(Home, asked.Next!.Address);
        Assert.Null(await ReadAsync(data => data.Sessions.Select(s => s.EndedAt).SingleAsync()));
    }

    [Fact]
    public async Task WhatDoesNotFit_IsRefusedAndEndsNothing()
    {
        await GivenApplicationAsync();
        var issued = await GetTokensAsync();
        await AddClientAsync("other", client => client.PostLogoutRedirectUris = ["https://other.example.org/"]);

        foreach (var wrong in ((string, string?)[][])
        [
            [("id_token_hint", issued.AccessToken)],
            [("id_token_hint", issued.IdToken + "x")],
            [("id_token_hint", issued.IdToken), ("client_id", "other")],
            [("id_token_hint", issued.IdToken), ("post_logout_redirect_uri", "https://other.example.org/")],
            [("id_token_hint", issued.IdToken), ("post_logout_redirect_uri", "https://evil.example/")],
            [("client_id", "app"), ("post_logout_redirect_uri", "https://app.example.org/x")],
            [("post_logout_redirect_uri", Home)],
        ])
        {
            Assert.IsType<EndSessionResult.Refused>(await EndAsync(wrong));
        }

        Assert.Null(await ReadAsync(data => data.Sessions.Select(s => s.EndedAt).SingleAsync()));
    }

    [Fact]
    public async Task EndOfASession_IsToldTheApplicationsThatKnewItOnceEach()
    {
        var receiver = new Receiver();
        await GivenApplicationAsync(client => client.BackChannelLogoutUri = "https://app.example.org/logout");
        var node = AddHost(builder => builder.Services.AddHttpClient(nameof(LogoutSender)).ConfigurePrimaryHttpMessageHandler(() => receiver));
        await AddClientAsync("silent");
        var told = await GetTokensAsync();
        await GetTokensAsync();
        await GetTokensAsync(("client_id", "app"));
        var sender = node.Services.GetRequiredService<LogoutSender>();
        Assert.Equal(0, await sender.RunOnceAsync(CancellationToken.None));

        receiver.Status = HttpStatusCode.ServiceUnavailable;
        await EndOwnAsync();
        await sender.RunOnceAsync(CancellationToken.None);
        Assert.Single(receiver.Bodies);
        receiver.Status = HttpStatusCode.OK;
        Assert.Equal(0, await sender.RunOnceAsync(CancellationToken.None));
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(sender.RunOnceAsync(CancellationToken.None), AddSenderAsync(receiver));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await sender.RunOnceAsync(CancellationToken.None));

        Assert.Equal(2, receiver.Bodies.Count);
        var token = receiver.Bodies[1]["logout_token=".Length..];
        Assert.Equal("logout+jwt", HeaderOf(token).GetProperty("typ").GetString());
        var payload = PayloadOf(token);
        Assert.Equal(PayloadOf(told.IdToken!).GetProperty("sid").GetString(), payload.GetProperty("sid").GetString());
        Assert.Equal(("app", User.Id.ToString()), (payload.GetProperty("aud").GetString(), payload.GetProperty("sub").GetString()));
        Assert.True(payload.GetProperty("events").TryGetProperty("http://schemas.openid.net/event/backchannel-logout", out _));
        Assert.False(payload.TryGetProperty("nonce", out _));
    }

    [Fact]
    public async Task SuspensionOfATenant_IsToldItsApplicationsToo()
    {
        var receiver = new Receiver();
        await GivenApplicationAsync(client => client.BackChannelLogoutUri = "https://app.example.org/logout");
        var node = AddHost(builder => builder.Services.AddHttpClient(nameof(LogoutSender)).ConfigurePrimaryHttpMessageHandler(() => receiver));
        await GetTokensAsync();
        var suspended = Tenant.Id;
        await GivenAsync(configure: user => user.Role = PortalRole.PlatformOperator, slug: TenantSlug.Platform);
        var operators = new AdministratorSession(Tenant.Id, await SignedInAsync(), Browser.Facts);

        Assert.IsType<AdministrationResult<TenantResult>.Answered>(
            await node.Services.GetRequiredService<TenantRegister>().SuspendAsync(operators, suspended, CancellationToken.None));
        await node.Services.GetRequiredService<LogoutSender>().RunOnceAsync(CancellationToken.None);

        Assert.Contains("/t/acme", PayloadOf(Assert.Single(receiver.Bodies)["logout_token=".Length..]).GetProperty("iss").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FreshSignIn_OfTheSamePerson_TakesOverWhatTheSessionGave()
    {
        await GivenApplicationAsync(client => client.BackChannelLogoutUri = "https://app.example.org/logout");
        var issued = await GetTokensAsync(("scope", "openid"));
        var browser = NewBrowser();
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.SignInAsync(Address, RightPassword));

        await UseAsync((SessionService sessions) =>
            sessions.RedeemAsync(completed.HandoffTicket, browser.BindingHash, [SessionId], Browser.Facts, CancellationToken.None));

        Assert.True(await IsActiveAsync(issued.AccessToken));
        Assert.Null(await ReadAsync(data => data.OpenIdGrants.Select(g => g.LogoutDueAt).SingleAsync()));
        await UseAsync(async (SessionService sessions) =>
        {
            await sessions.EndAsync(completed.SessionId, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
            return true;
        });
        Assert.NotNull(await ReadAsync(data => data.OpenIdGrants.Select(g => g.LogoutDueAt).SingleAsync()));
    }

    private Task<int> AddSenderAsync(Receiver receiver) => AddHost(
            builder => builder.Services.AddHttpClient(nameof(LogoutSender)).ConfigurePrimaryHttpMessageHandler(() => receiver))
        .Services.GetRequiredService<LogoutSender>().RunOnceAsync(CancellationToken.None);

    private Task<EndSessionResult> EndAsync(params (string, string?)[] parameters) => UseAsync((EndSession service) =>
        service.RequestAsync(Parameters(parameters), SessionId, Browser.Facts, CancellationToken.None));

    private Task<bool> EndOwnAsync() => UseAsync(async (SessionService sessions) =>
    {
        await sessions.EndAsync(SessionId, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
        return true;
    });

    private sealed class Receiver : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            lock (Bodies)
            {
                Bodies.Add(body);
            }

            return new HttpResponseMessage(Status);
        }
    }
}
