using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Behaviour;

public sealed class TenantAuthSqliteTests(ApiFixture api) : BehaviourTests(api, http => new TenantAuthClient(http)), IClassFixture<ApiFixture>;

public sealed class TenantAuthPostgreSqlTests(PostgreSqlApiFixture api) : BehaviourTests(api, http => new TenantAuthClient(http)), IClassFixture<PostgreSqlApiFixture>;

public sealed class AccountsSqliteTests(ApiFixture api) : BehaviourTests(api, http => new AccountsClient(http)), IClassFixture<ApiFixture>;

public sealed class AccountsPostgreSqlTests(PostgreSqlApiFixture api) : BehaviourTests(api, http => new AccountsClient(http)), IClassFixture<PostgreSqlApiFixture>;

public sealed class SystemAuthSqliteTests(ApiFixture api) : BehaviourTests(api, http => new SystemAuthClient(http)), IClassFixture<ApiFixture>;

public sealed class SystemAuthPostgreSqlTests(PostgreSqlApiFixture api) : BehaviourTests(api, http => new SystemAuthClient(http)), IClassFixture<PostgreSqlApiFixture>;

public sealed class UserPassportSqliteTests(ApiFixture api) : BehaviourTests(api, http => new UserPassportClient(http)), IClassFixture<ApiFixture>;

public sealed class UserPassportPostgreSqlTests(PostgreSqlApiFixture api) : BehaviourTests(api, http => new UserPassportClient(http)), IClassFixture<PostgreSqlApiFixture>;

/// <summary>What every contract does, written once: the tests of signing in, and the people that they need.</summary>
public abstract partial class BehaviourTests : IAsyncLifetime
{
    protected const string Password = "blue-kettle-walks-at-noon";
    protected const string WrongPassword = "green-kettle-sleeps-at-dawn";
    protected const string OtherPassword = "seven-lamps-beside-the-harbour";

    private static int _number;

    private readonly ApiHostFixture _api;
    private readonly HttpClient _http;
    private readonly string _address = $"ada{Interlocked.Increment(ref _number)}@people.example";

    protected BehaviourTests(ApiHostFixture api, Func<HttpClient, Client> client)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(client);
        _api = api;
        _http = api.CreateClient();
        Client = client(_http);
    }

    protected Client Client { get; }

    private TenantProfile Tenant { get; set; } = null!;

    private PortalUser User { get; set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Tenant = await FindTenantAsync("acme");

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        Assert.Empty(_api.Errors.Lines);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task SignIn_RightPassword_GivesATokenThatOpensWhatItShould()
    {
        await GivenAsync();

        var answer = await SignInAsync();

        Assert.Equal(Meaning.SignedIn, answer.Meaning);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(answer.Token));
        Assert.Equal(Client.Refreshes, answer.RefreshToken is not null);
    }

    [Fact]
    public async Task SignIn_AnythingWrong_IsTheSameAnswer()
    {
        await GivenAsync();
        var globex = await FindTenantAsync("globex");
        var elsewhere = await _api.Core.CreateUserAsync(globex, $"elsewhere-{_address}", Password);
        var disabled = await _api.Core.CreateUserAsync(Tenant, $"disabled-{_address}", Password, user => user.DisabledAt = _api.Clock.GetUtcNow());
        var unverified = await _api.Core.CreateUserAsync(Tenant, $"unverified-{_address}", Password, user => user.EmailConfirmed = false);

        var wrong = await SignInAsync(password: WrongPassword);

        Assert.Equal(Meaning.CredentialsRefused, wrong.Meaning);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        foreach (var (address, password) in ((string, string)[])[
            ($"nobody-{_address}", Password), (elsewhere.Email!, Password), (disabled.Email!, Password), (unverified.Email!, WrongPassword),
            (_address, ""), (_address, new string('a', 5_000))])
        {
            Assert.Equal(wrong.Comparable, (await Client.SignInAsync("acme", address, password)).Comparable);
        }
    }

    [Fact]
    public async Task SignIn_GuessedAtTooOften_IsSlowedDownAlikeForEveryAddress()
    {
        await GivenAsync();
        foreach (var address in (string[])[_address, $"nobody-{_address}"])
        {
            for (var number = 0; number < AttemptReservations.FreeAttempts; number++)
            {
                Assert.Equal(Meaning.CredentialsRefused, (await Client.SignInAsync("acme", address, WrongPassword)).Meaning);
            }

            var slowed = await Client.SignInAsync("acme", address, Password);
            Assert.Equal(Meaning.Throttled, slowed.Meaning);
            Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
            Assert.Equal(TimeSpan.FromSeconds(15), slowed.RetryAfter);
        }

        _api.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(Meaning.SignedIn, (await SignInAsync()).Meaning);
    }

    [Fact]
    public async Task SignIn_AddressNotVerified_SaysSoAndSendsAMail()
    {
        await GivenAsync(user => user.EmailConfirmed = false);

        var answer = await SignInAsync();

        Assert.Equal(Meaning.AddressNotVerified, answer.Meaning);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Single(await LoginPortal.Testing.Mailbox.ReadMailsAsync(_api.Core.Services, _address));
    }

    [Fact]
    public async Task SignIn_PasswordMustChange_SaysSoAndOpensNothing()
    {
        await GivenAsync(user => user.PasswordChangeRequired = true);

        var answer = await SignInAsync();

        Assert.Equal(Meaning.PasswordChangeNeeded, answer.Meaning);
        Assert.Null(answer.Token);
    }

    [Fact]
    public async Task SignIn_InAnotherTenant_IsAnotherPerson()
    {
        await GivenAsync();
        await _api.Core.CreateUserAsync(await FindTenantAsync("globex"), _address, OtherPassword);

        Assert.Equal(Meaning.SignedIn, (await Client.SignInAsync("globex", _address, OtherPassword)).Meaning);
        Assert.Equal(Meaning.CredentialsRefused, (await Client.SignInAsync("globex", _address, Password)).Meaning);
        Assert.Equal(Meaning.CredentialsRefused, (await SignInAsync(password: OtherPassword)).Meaning);
    }

    [Fact]
    public async Task Bearer_OfASessionThatIsOver_IsRefused()
    {
        await GivenAsync();
        var signedOut = await SignInAsync();
        using (var response = await Client.LogoutAsync("acme", signedOut.Token!))
        {
            Assert.True(response.IsSuccessStatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(signedOut.Token));

        var ended = await SignInAsync();
        await using (var scope = _api.Core.OpenTenant(Tenant))
        {
            var profile = scope.Services.GetRequiredService<OwnProfile>();
            var session = Assert.Single(await profile.ListSessionsAsync(User.Id, Cancellation));
            await scope.Services.GetRequiredService<SessionService>().EndAsync(session.Id, SessionEndReason.SignedOut, RequestFacts.Portal, Cancellation);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(ended.Token));

        var expired = await SignInAsync();
        _api.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(expired.Token));
    }

    [Fact]
    public async Task Bearer_ThatIsNone_IsRefusedInTheContractsShape()
    {
        foreach (var token in (string?[])[null, "", "x", "a.b.c", new string('a', 4_000)])
        {
            var (method, path) = Client.BearerCall;
            using var response = await Client.SendAsync(method, path, token: token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.NotEmpty(response.Headers.WwwAuthenticate);
        }
    }

    [Fact]
    public async Task Refresh_RotatesAndReuseEndsTheSession()
    {
        if (!Client.Refreshes)
        {
            return;
        }

        await GivenAsync();
        var first = await SignInAsync();
        var second = await Client.RefreshAsync("acme", first.Token, first.RefreshToken!);
        var retried = await Client.RefreshAsync("acme", first.Token, first.RefreshToken!);
        Assert.Equal(second.RefreshToken, retried.RefreshToken);
        _api.Clock.Advance(TimeSpan.FromMinutes(20));
        var third = await Client.RefreshAsync("acme", second.Token, second.RefreshToken!);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(third.Token));

        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.RefreshAsync("acme", first.Token, first.RefreshToken!)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(third.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.RefreshAsync("acme", third.Token, third.RefreshToken!)).Status);
    }

    private async Task GivenAsync(Action<PortalUser>? configure = null, TenantPolicy? policy = null)
    {
        if (policy is not null)
        {
            Tenant = await _api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], policy);
        }

        User = await _api.Core.CreateUserAsync(Tenant, _address, Password, configure);
    }

    private Task<Answer> SignInAsync(string password = Password) => Client.SignInAsync(Tenant.Slug, _address, password);

    private async Task<HttpStatusCode> CallAsync(string? token)
    {
        var (method, path) = Client.BearerCall;
        using var response = await Client.SendAsync(method, path, token: token);
        return response.StatusCode;
    }

    private async Task<TenantProfile> FindTenantAsync(string slug)
    {
        await using var scope = _api.Core.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, Cancellation))!;
    }

    /// <summary>An app that counts, and recovery codes.</summary>
    private async Task<(byte[] Seed, IReadOnlyList<string> Codes)> AddAuthenticatorAsync()
    {
        await using var scope = _api.Core.OpenTenant(Tenant);
        var seeds = scope.Services.GetRequiredService<TotpSeeds>();
        var now = _api.Clock.GetUtcNow();
        var app = new Authenticator
        {
            Id = Guid.CreateVersion7(now), TenantId = Tenant.Id, UserId = User.Id, Name = "Phone", ProtectedSeed = seeds.Create(), CreatedAt = now, ConfirmedAt = now,
        };
        scope.Database.Authenticators.Add(app);
        var codes = await scope.Services.GetRequiredService<RecoveryCodeSets>().ReplaceAsync(scope.Database, User.Id, Cancellation);
        await scope.Database.SaveChangesAsync(Cancellation);
        return (seeds.Read(app), codes);
    }

    private static byte[] Decode(string secret)
    {
        var bits = string.Concat(secret
            .Select(character => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2))];
    }

    private string CodeOf(byte[] seed, int stepsAway = 0) => TotpCode.Compute(seed, TotpCode.StepAt(_api.Clock.GetUtcNow()) + stepsAway);

    private string WrongCode(byte[] seed)
    {
        var near = Enumerable.Range(-1, 3).Select(distance => CodeOf(seed, distance)).ToHashSet();
        return Enumerable.Range(0, 4).Select(digit => new string((char)('0' + digit), 6)).First(code => !near.Contains(code));
    }
}
