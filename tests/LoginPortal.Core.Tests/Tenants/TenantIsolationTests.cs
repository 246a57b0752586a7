using System.Reflection;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Mail;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Throttling;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class TenantIsolationSqliteTests() : TenantIsolationTests(DatabaseProvider.Sqlite);

public sealed class TenantIsolationPostgreSqlTests() : TenantIsolationTests(DatabaseProvider.PostgreSql);

public abstract class TenantIsolationTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    /// <summary>What is read while the tenant is still being found, and the table of tenants itself.</summary>
    private static readonly Type[] Unfiltered = [typeof(Tenant), typeof(TenantDomain), typeof(TenantOrigin), typeof(BrandingRevision)];

    [Fact]
    public async Task SignIn_SameAddressInTwoTenants_IsTwoPeopleWithTwoPasswords()
    {
        var globex = await Host.CreateTenantAsync("globex");
        var here = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var there = await Host.CreateUserAsync(globex, Address, OtherPassword);

        Assert.NotEqual(here.Id, there.Id);
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await new Browser(Host, Tenant).SignInAsync(Address, OtherPassword)));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await new Browser(Host, globex).SignInAsync(Address, RightPassword)));
        Assert.IsType<SignInOutcome.Completed>(await new Browser(Host, Tenant).SignInAsync(Address, RightPassword));
        Assert.IsType<SignInOutcome.Completed>(await new Browser(Host, globex).SignInAsync(Address, OtherPassword));
    }

    [Fact]
    public async Task Model_EveryEntityOfATenant_HasAQueryFilter()
    {
        await using var scope = Host.CreateScope();
        var model = scope.ServiceProvider.GetRequiredService<PortalDbContext>().Model;

        var owned = TenantOwned(model).ToList();

        Assert.NotEmpty(owned);
        Assert.All(owned, entity => Assert.True(entity.GetDeclaredQueryFilters().Count > 0, entity.ClrType.Name));
    }

    [Fact]
    public async Task Query_EveryEntityOfATenant_FindsRowsOfTheScopesTenantOnly()
    {
        var globex = await Host.CreateTenantAsync("globex");
        foreach (var tenant in (TenantProfile[])[Tenant, globex])
        {
            await AddOneOfEachAsync(tenant);
        }

        await using var nowhere = Host.CreateScope();
        var unscoped = nowhere.ServiceProvider.GetRequiredService<PortalDbContext>();
        foreach (var type in TenantOwned(unscoped.Model).Select(entity => entity.ClrType))
        {
            Assert.Equal(2, Count(unscoped, type, ignoreFilters: true));
            Assert.Equal(0, Count(unscoped, type));
            foreach (var tenant in (TenantProfile[])[Tenant, globex])
            {
                await using var scope = Host.OpenTenant(tenant);
                Assert.Equal(1, Count(scope.Database, type));
                Assert.All(Rows(scope.Database, type), row => Assert.Equal(tenant.Id, TenantOf(row) ?? tenant.Id));
            }
        }
    }

    [Fact]
    public async Task UserManager_InATenant_FindsNobodyOfAnother()
    {
        var globex = await Host.CreateTenantAsync("globex");
        var user = await Host.CreateUserAsync(globex, Address, RightPassword);
        await using var scope = Host.OpenTenant(Tenant);
        var users = scope.Services.GetRequiredService<UserManager<PortalUser>>();

        Assert.Null(await users.FindByEmailAsync(Address));
        Assert.Null(await users.FindByNameAsync(Address));
        Assert.Null(await users.FindByIdAsync(user.Id.ToString()));
        Assert.Empty(await users.Users.ToListAsync());
    }

    [Fact]
    public async Task TenantContext_SecondTenant_IsRefused()
    {
        var globex = await Host.CreateTenantAsync("globex");
        await using var scope = Host.OpenTenant(Tenant);
        var context = scope.Services.GetRequiredService<TenantContext>();

        context.Set(Tenant with { DisplayName = "the same, read again" });
        Assert.Throws<InvalidOperationException>(() => context.Set(globex));

        Assert.Equal(Tenant.Id, context.Required.Id);
    }

    [Fact]
    public async Task TenantContext_NoTenant_IsNoneAndRequiredThrows()
    {
        await using var scope = Host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<TenantContext>();

        Assert.Null(context.Current);
        Assert.Throws<InvalidOperationException>(() => context.Required);
    }

    private static IEnumerable<IEntityType> TenantOwned(IModel model) => model.GetEntityTypes()
        .Where(entity => entity.FindProperty("TenantId") is not null && !Unfiltered.Contains(entity.ClrType));

    private static Guid? TenantOf(object row) => row.GetType().GetProperty("TenantId")?.GetValue(row) as Guid?;

    private static int Count(PortalDbContext database, Type type, bool ignoreFilters = false) => Rows(database, type, ignoreFilters).Count;

    private static List<object> Rows(PortalDbContext database, Type type, bool ignoreFilters = false) => (List<object>)typeof(TenantIsolationTests)
        .GetMethod(nameof(RowsOf), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(type)
        .Invoke(null, [database, ignoreFilters])!;

    private static List<object> RowsOf<T>(PortalDbContext database, bool ignoreFilters)
        where T : class
    {
        IQueryable<T> rows = database.Set<T>();
        return [.. ignoreFilters ? rows.IgnoreQueryFilters() : rows];
    }

    private async Task AddOneOfEachAsync(TenantProfile tenant)
    {
        var (now, id) = (Clock.GetUtcNow(), tenant.Id);
        var user = await Host.CreateUserAsync(tenant, Address, RightPassword);
        await using var scope = Host.OpenTenant(tenant);
        var session = new Session
        {
            Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, CreatedAt = now, AuthenticatedAt = now, LastSeenAt = now, ExpiresAt = now,
            IdleSeconds = 1, IsRemembered = false, AuthenticationMethods = [], AuthenticationContextClass = "", DeviceLabel = "",
        };
        var flowId = Guid.NewGuid();
        scope.Database.AddRange((object[])
        [
            new Authenticator { Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, Name = "", ProtectedSeed = [1], CreatedAt = now },
            new ProfilePicture { UserId = user.Id, TenantId = id, Key = "k", ContentType = "image/png", Content = [1], CreatedAt = now },
            new RecoveryCode { CodeHash = Secret.Hash(Secret.Create()), TenantId = id, UserId = user.Id, CreatedAt = now },
            new TrustedDevice
            {
                Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, TokenHash = Secret.Hash(Secret.Create()), DeviceLabel = "", CreatedAt = now,
                LastUsedAt = now, ExpiresAt = now,
            },
            new EmailCode { FlowId = flowId, TenantId = id, ProtectedCode = [1], SentAt = now },
            new OutboxMail
            {
                Id = Guid.NewGuid(), TenantId = id, Recipient = Address, SenderName = "", Subject = "", ProtectedContent = [1], CreatedAt = now,
                NextAttemptAt = now,
            },
            session,
            new HandoffTicket { TicketHash = $"t{id:N}", TenantId = id, FlowId = id, SessionId = session.Id, BindingHash = "", ExpiresAt = now },
            new FlowHandle { HandleHash = $"h{id:N}", TenantId = id, Contract = "", FlowId = flowId, UserId = user.Id, ExpiresAt = now },
            new RefreshToken
            {
                Id = Guid.NewGuid(), TenantId = id, SessionId = session.Id, HandleHash = $"c{id:N}", TokenHash = $"r{id:N}", Contract = "", CreatedAt = now, ExpiresAt = now,
            },
            new ApiKey
            {
                Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, SessionId = session.Id, Name = "", KeyHash = $"k{id:N}", CreatedAt = now,
                ExpiresAt = now,
            },
            new MailAllowance { TenantId = id, Purpose = OneTimeLinkPurpose.PasswordReset, Subject = "s" },
            new AccountRequest { Id = Guid.NewGuid(), TenantId = id, Kind = AccountRequestKind.PasswordReset, Address = Address, CreatedAt = now },
            new Invitation { Id = Guid.NewGuid(), TenantId = id, Email = Address, NormalizedEmail = Address, CreatedAt = now, ExpiresAt = now },
            new AddressChange { Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, PreviousAddress = "", NewAddress = "", CreatedAt = now, ExpiresAt = now },
            new NetworkAllowance { TenantId = id, Purpose = NetworkPurpose.Registration, Network = "n" },
            new FlowRecord { Id = flowId, TenantId = id, BindingHash = "", CreatedAt = now, ExpiresAt = now },
            new AttemptCounter { TenantId = id, Factor = AttemptFactor.Password, Subject = "s", LastAttemptAt = now },
            new SecurityEvent
            {
                Id = Guid.NewGuid(), TenantId = id, OccurredAt = now, Kind = SecurityEventKind.SignIn, Outcome = SecurityEventOutcome.Success,
            },
            new OneTimeLink { TokenHash = $"l{id:N}", TenantId = id, Purpose = OneTimeLinkPurpose.FirstOperator, CreatedAt = now, ExpiresAt = now },
            new BrandingDraft { TenantId = id, Document = Branding.Default, Version = 1, BasedOnRevisionId = null, SavedAt = now, SavedBy = user.Id },
            new BrandAsset { TenantId = id, Key = "k", ContentType = "image/png", Content = [1], CreatedAt = now },
            .. OpenIdRows(id, user.Id, session.Id, now),
            new AccountImport
            {
                Id = flowId, TenantId = id, FileName = "", CreatedAt = now, ExpiresAt = now, RowCount = 1, WrongCount = 0, ExistingCount = 0, IgnoredColumns = [],
            },
            new AccountImportRow
            {
                ImportId = flowId, Line = 2, TenantId = id, Address = "", NormalizedAddress = "", GivenName = "", FamilyName = "", Role = "", Language = "",
            },
            new SpentChallenge { ChallengeHash = $"c{id:N}", TenantId = id, ExpiresAt = now },
            new Passkey
            {
                Id = Guid.NewGuid(), TenantId = id, UserId = user.Id, CredentialId = [1], PublicKey = [1], SignCount = 0, Transports = [],
                Aaguid = Guid.Empty, Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = false, IsBackedUp = false,
                CreatedAt = now,
            },
        ]);
        await scope.Database.SaveChangesAsync();
    }

    private static object[] OpenIdRows(Guid tenantId, Guid userId, Guid sessionId, DateTimeOffset now)
    {
        var client = new OpenIdClient
        {
            Id = Guid.NewGuid(), TenantId = tenantId, ClientId = "c", Name = "", Kind = OpenIdClientKind.Web, Authentication = ClientAuthenticationKind.Secret,
            CreatedAt = now,
        };
        var grant = new OpenIdGrant
        {
            Id = Guid.NewGuid(), TenantId = tenantId, ClientId = client.Id, UserId = userId, SessionId = sessionId, ToldSessionId = sessionId, Scopes = [],
            AuthenticatedAt = now, AuthenticationMethods = [], AuthenticationContextClass = "", SecurityStamp = "", IsOffline = false, CreatedAt = now,
            LastUsedAt = now, ExpiresAt = now,
        };
        return
        [
            client,
            new OpenIdClientSecret { Id = Guid.NewGuid(), TenantId = tenantId, ClientId = client.Id, SecretHash = "", Ending = "", CreatedAt = now },
            new AuthorizationRequest
            {
                Id = Guid.NewGuid(), TenantId = tenantId, ClientId = client.Id, Parameters = new AuthorizationParameters { RedirectUri = "", Scopes = [] },
                CreatedAt = now, ExpiresAt = now,
            },
            grant,
            new AuthorizationCode { CodeHash = $"o{tenantId:N}", TenantId = tenantId, GrantId = grant.Id, RedirectUri = "", ExpiresAt = now },
            new OpenIdRefreshToken { Id = Guid.NewGuid(), TenantId = tenantId, GrantId = grant.Id, TokenHash = $"o{tenantId:N}", ExpiresAt = now },
            new OpenIdConsent { TenantId = tenantId, UserId = userId, ClientId = client.Id, Scopes = [], GrantedAt = now },
        ];
    }
}
