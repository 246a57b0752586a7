using System.Text.RegularExpressions;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Totp;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SecondFactors;

/// <summary>A tenant, a person, and an authenticator app that does what apps do.</summary>
public abstract class SecondFactorTestBase(DatabaseProvider provider) : DatabaseTests(provider)
{
    protected const string Address = "ada@acme.example";
    protected const string RightPassword = "blue-kettle-walks-at-noon";
    protected const string OtherPassword = "seven-lamps-beside-the-harbour";

    protected static readonly TenantPolicy AllMethods = new()
    {
        SecondFactorMethods = [SecondFactorMethod.Totp, SecondFactorMethod.EmailCode],
    };

    protected static readonly TenantPolicy Required = new() { SecondFactor = SecondFactorRequirement.Required };

    protected TenantProfile Tenant { get; private set; } = null!;

    protected PortalUser User { get; private set; } = null!;

    private protected Browser NewBrowser(CoreHost? host = null) => new(host ?? Host, Tenant);

    /// <summary>A tenant with this policy and its one person.</summary>
    protected async Task GivenAsync(TenantPolicy? policy = null, Action<PortalUser>? configure = null, string slug = "acme")
    {
        Tenant = await Host.CreateTenantAsync(slug, policy);
        User = await Host.CreateUserAsync(Tenant, Address, RightPassword, configure);
    }

    protected async Task SetPolicyAsync(TenantPolicy policy)
    {
        await using var scope = Host.OpenTenant(Tenant);
        (await scope.Database.Tenants.SingleAsync(tenant => tenant.Id == Tenant.Id)).Policy = policy;
        await scope.Database.SaveChangesAsync();
    }

    /// <summary>Signs in and sets up an app on the account page.</summary>
    /// <returns>The app's seed and the recovery codes, if they came with it.</returns>
    protected async Task<(byte[] Seed, IReadOnlyList<string>? Codes)> AddAuthenticatorAsync(string name = "Phone")
    {
        var session = await SignedInAsync();
        var security = Host.Services.GetRequiredService<AccountSecurity>();
        var enrolling = Assert.IsType<AccountSecurityResult.Enrolling>(await security.BeginTotpAsync(Tenant.Id, session, CancellationToken.None));
        var seed = Decode(enrolling.Enrolment.Key);
        var overview = Assert.IsType<AccountSecurityResult.Overview>(await security.ConfirmTotpAsync(
            Tenant.Id, session, CodeOf(seed), name, Browser.Facts, CancellationToken.None));
        Clock.Advance(TimeSpan.FromMinutes(1));
        return (seed, overview.RecoveryCodes);
    }

    /// <summary>A live session without going through the pages: what a person has who signed in just now.</summary>
    protected async Task<Guid> SignedInAsync(string contextClass = Assurance.SingleFactor)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var now = Clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            TenantId = Tenant.Id,
            UserId = User.Id,
            TokenHash = Secret.Hash(Secret.Create()),
            CreatedAt = now,
            AuthenticatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now.AddHours(24),
            IdleSeconds = 24 * 3600,
            IsRemembered = false,
            AuthenticationMethods = ["pwd"],
            AuthenticationContextClass = contextClass,
            DeviceLabel = "",
        };
        scope.Database.Sessions.Add(session);
        await scope.Database.SaveChangesAsync();
        return session.Id;
    }

    protected string CodeOf(byte[] seed, int stepsAway = 0) => TotpCode.Compute(seed, TotpCode.StepAt(Clock.GetUtcNow()) + stepsAway);

    /// <summary>A code that is of no step nearby.</summary>
    protected string WrongCode(byte[] seed)
    {
        var near = Enumerable.Range(-1, 3).Select(distance => CodeOf(seed, distance)).ToHashSet();
        return Enumerable.Range(0, 4).Select(digit => new string((char)('0' + digit), 6)).First(code => !near.Contains(code));
    }

    /// <summary>The newest code in the outbox.</summary>
    protected async Task<string> MailedCodeAsync()
    {
        var text = (await Host.Services.ReadMailsAsync(Address))[^1].Text;
        return Regex.Match(text, "\\d{6}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
    }

    protected async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> query)
    {
        await using var scope = Host.OpenTenant(Tenant);
        return await query(scope.Database);
    }

    protected static byte[] Decode(string key)
    {
        var bits = string.Concat(key.Replace(" ", "", StringComparison.Ordinal)
            .Select(character => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2))];
    }

    protected static RejectionCode? RejectionOf(SignInOutcome outcome) => Assert.IsType<SignInOutcome.Rejected>(outcome).Flow.Rejection;

    protected static SignInView ViewOf(SignInOutcome outcome) => Assert.IsType<SignInOutcome.Continue>(outcome).Flow;
}
