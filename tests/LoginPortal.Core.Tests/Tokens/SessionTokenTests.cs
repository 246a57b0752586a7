using System.Text;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.Tests.Tokens;

public sealed class SessionTokenSqliteTests() : SessionTokenTests(DatabaseProvider.Sqlite);

public sealed class SessionTokenPostgreSqlTests() : SessionTokenTests(DatabaseProvider.PostgreSql);

public abstract class SessionTokenTests(DatabaseProvider provider) : TokenTestBase(provider)
{
    private static readonly RequestFacts Stranger = new("198.51.100.9", "curl/8.5.0");

    [Fact]
    public async Task AccessToken_OfASession_SaysWhatItShouldAndIsCheckedOnEveryNode()
    {
        await GivenAsync();
        var pair = await SignedInPairAsync();

        var parts = pair.Access.Text.Split('.');
        var header = JsonDocument.Parse(Base64UrlEncoder.Decode(parts[0])).RootElement;
        var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(parts[1])).RootElement;
        Assert.Equal("at+jwt", header.GetProperty("typ").GetString());
        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        Assert.Equal("https://login.example.com", payload.GetProperty("iss").GetString());
        Assert.Equal("loginportal-api", payload.GetProperty("aud").GetString());
        Assert.Equal(User.Id.ToString(), payload.GetProperty("sub").GetString());
        Assert.Equal(Tenant.Id.ToString(), payload.GetProperty("tid").GetString());
        Assert.Equal(pair.SessionId.ToString(), payload.GetProperty("sid").GetString());
        Assert.Equal(["pwd"], payload.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(Assurance.SingleFactor, payload.GetProperty("acr").GetString());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), payload.GetProperty("auth_time").GetInt64());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), payload.GetProperty("iat").GetInt64());
        Assert.Equal(Clock.GetUtcNow().AddMinutes(15).ToUnixTimeSeconds(), payload.GetProperty("exp").GetInt64());
        Assert.NotEmpty(payload.GetProperty("jti").GetString()!);
        Assert.Equal(User.Id, (await CheckAsync(pair.Access.Text, AddHost()))?.UserId);
    }

    [Fact]
    public async Task AccessToken_AfterItsTimeOrItsSession_IsRefused()
    {
        await GivenAsync();
        var pair = await SignedInPairAsync();
        Assert.NotNull(await CheckAsync(pair.Access.Text));

        Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(await CheckAsync(pair.Access.Text));

        var other = await SignedInPairAsync();
        await EndSessionAsync(other.SessionId);
        Assert.Null(await CheckAsync(other.Access.Text));
    }

    [Fact]
    public async Task AccessToken_ChangedInAnyPart_IsRefused()
    {
        await GivenAsync();
        var text = (await SignedInPairAsync()).Access.Text;
        var parts = text.Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");
        var symmetric = Base64UrlEncoder.Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[0])).Replace("ES256", "HS256", StringComparison.Ordinal));
        var payload = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("loginportal-api", "another-api", StringComparison.Ordinal));

        foreach (var bad in (string?[])[
            null, "", "x", "a.b.c", "..", $"{none}.{parts[1]}.", $"{symmetric}.{parts[1]}.{parts[2]}", $"{parts[0]}.{payload}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.AAAA", text + "A", new string('a', 20_000)])
        {
            Assert.Null(await CheckAsync(bad));
        }
    }

    [Fact]
    public async Task RefreshToken_Used_GivesTheNextPairOfTheSameSession()
    {
        await GivenAsync();
        var first = await SignedInPairAsync();
        Clock.Advance(TimeSpan.FromMinutes(20));

        var second = (await RefreshAsync(first.RefreshToken))!;

        Assert.Equal(first.SessionId, second.SessionId);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotNull(await CheckAsync(second.Access.Text));
        Assert.NotNull(await RefreshAsync(second.RefreshToken));
    }

    [Fact]
    public async Task RefreshToken_RetriedByTheSameClientAtOnce_GetsTheSameNext()
    {
        await GivenAsync();
        var first = await SignedInPairAsync();
        var answer = await RefreshAsync(first.RefreshToken);
        Clock.Advance(TimeSpan.FromSeconds(9));

        var retried = await RefreshAsync(first.RefreshToken);

        Assert.Equal(answer!.RefreshToken, retried!.RefreshToken);
        Assert.NotNull(await CheckAsync(retried.Access.Text));
        Assert.NotNull(await RefreshAsync(answer.RefreshToken));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(1, true)]
    public async Task RefreshToken_UsedAgainLaterOrElsewhere_EndsTheSession(int seconds, bool elsewhere)
    {
        await GivenAsync();
        var first = await SignedInPairAsync();
        var second = (await RefreshAsync(first.RefreshToken))!;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Null(await RefreshAsync(first.RefreshToken, elsewhere ? Stranger : null));

        Assert.Null(await RefreshAsync(second.RefreshToken));
        Assert.Null(await CheckAsync(second.Access.Text));
        Assert.Equal(SessionEndReason.RefreshTokenReused, await ReadAsync(data => data.Sessions.Select(s => s.EndReason).SingleAsync()));
    }

    [Fact]
    public async Task RefreshToken_OfTwoCallsAtTheSameMoment_MakesOneSuccessor()
    {
        await GivenAsync();
        var first = await SignedInPairAsync();
        var other = AddHost().Services.GetRequiredService<SessionTokens>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => (number % 2 == 0 ? Tokens : other)
            .RefreshAsync(new PresentedRefreshToken(first.RefreshToken, Contract), Browser.Facts, CancellationToken.None)));

        Assert.Single(answers.Select(answer => answer!.RefreshToken).Distinct());
        Assert.NotNull(await RefreshAsync(answers[0]!.RefreshToken));
    }

    [Fact]
    public async Task RefreshToken_OfTwoClientsAtTheSameMoment_IsReplacedByOneAndEndsTheSession()
    {
        await GivenAsync();
        var first = await SignedInPairAsync();

        var answers = await Task.WhenAll(RefreshAsync(first.RefreshToken), RefreshAsync(first.RefreshToken, Stranger));

        var winner = Assert.Single(answers, answer => answer is not null);
        Assert.Null(await RefreshAsync(winner!.RefreshToken));
        Assert.Equal(SessionEndReason.RefreshTokenReused, await ReadAsync(data => data.Sessions.Select(s => s.EndReason).SingleAsync()));
    }

    [Fact]
    public async Task RefreshToken_FromLongAgo_EndsTheSession()
    {
        await GivenAsync();
        var first = await SignedInPairAsync();
        var newest = first;
        for (var use = 0; use < 3; use++)
        {
            newest = (await RefreshAsync(newest.RefreshToken))!;
        }

        Assert.Null(await RefreshAsync(first.RefreshToken));
        Assert.Null(await RefreshAsync(newest.RefreshToken));
        Assert.Equal(SessionEndReason.RefreshTokenReused, await ReadAsync(data => data.Sessions.Select(s => s.EndReason).SingleAsync()));
    }

    [Fact]
    public async Task RefreshToken_UsedOften_IsOneRow()
    {
        await GivenAsync();
        var pair = await SignedInPairAsync();
        for (var use = 0; use < 3; use++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            pair = (await RefreshAsync(pair.RefreshToken))!;
        }

        var listed = Assert.Single(await Tokens.ListAsync(Tenant.Id, pair.SessionId, CancellationToken.None));
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), listed.CreatedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task RefreshToken_WhereItDoesNotBelong_IsRefusedAndStaysGood()
    {
        await GivenAsync();
        var globex = await Host.CreateTenantAsync("globex");
        var pair = await SignedInPairAsync();

        Assert.Null(await RefreshAsync(pair.RefreshToken, contract: "another_contract"));
        Assert.Null(await PresentAsync(presented => presented with { TenantId = globex.Id }));
        Assert.Null(await PresentAsync(presented => presented with { TenantSlug = globex.Slug }));
        Assert.Null(await PresentAsync(presented => presented with { TenantSlug = "ACME" }));
        Assert.Null(await PresentAsync(presented => presented with { TenantSlug = "acme\0" }));
        Assert.Null(await PresentAsync(presented => presented with { SessionId = Guid.NewGuid() }));
        Assert.Null(await RefreshAsync("unknown"));
        Assert.Null(await RefreshAsync(""));
        Assert.Null(await RefreshAsync(Secret.Create()[..22] + pair.RefreshToken[22..]));
        Assert.Null(await RefreshAsync(pair.Access.Text));

        Assert.NotNull(await PresentAsync(presented => presented with { TenantId = Tenant.Id, TenantSlug = Tenant.Slug, SessionId = pair.SessionId }));

        Task<TokenPair?> PresentAsync(Func<PresentedRefreshToken, PresentedRefreshToken> beside) =>
            Tokens.RefreshAsync(beside(new PresentedRefreshToken(pair.RefreshToken, Contract)), Browser.Facts, CancellationToken.None);
    }

    [Fact]
    public async Task RefreshToken_OfASessionThatIsOver_IsRefused()
    {
        await GivenAsync();
        var ended = await SignedInPairAsync();
        await EndSessionAsync(ended.SessionId);
        Assert.Null(await RefreshAsync(ended.RefreshToken));

        var idle = await SignedInPairAsync();
        Clock.Advance(Tenant.Policy.SessionIdleTimeout);
        Assert.Null(await RefreshAsync(idle.RefreshToken));
    }

    [Fact]
    public async Task RefreshToken_WhileTenantAccountOrTimeForbidsIt_IsRefusedAndStaysGood()
    {
        await GivenAsync();
        var pair = await SignedInPairAsync();
        var (now, later) = (Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(1));

        await ExpectRefusedAsync(
            data => data.Tenants.ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Status, TenantStatus.Suspended)),
            data => data.Tenants.ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Status, TenantStatus.Active)));
        await ExpectRefusedAsync(
            data => data.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.DisabledAt, now)),
            data => data.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.DisabledAt, (DateTimeOffset?)null)));
        await ExpectRefusedAsync(
            data => data.Sessions.ExecuteUpdateAsync(update => update.SetProperty(session => session.ExpiresAt, now)),
            data => data.Sessions.ExecuteUpdateAsync(update => update.SetProperty(session => session.ExpiresAt, later)));
        await ExpectRefusedAsync(
            data => data.RefreshTokens.ExecuteUpdateAsync(update => update.SetProperty(chain => chain.ExpiresAt, now)),
            data => data.RefreshTokens.ExecuteUpdateAsync(update => update.SetProperty(chain => chain.ExpiresAt, later)));

        Assert.NotNull(await RefreshAsync(pair.RefreshToken));

        async Task ExpectRefusedAsync(Func<PortalDbContext, Task<int>> forbid, Func<PortalDbContext, Task<int>> allow)
        {
            Assert.Equal(1, await ReadAsync(forbid));
            Assert.Null(await RefreshAsync(pair.RefreshToken));
            Assert.Equal(1, await ReadAsync(allow));
        }
    }
}
