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
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class ErasureSweepSqliteTests() : ErasureSweepTests(DatabaseProvider.Sqlite);

public sealed class ErasureSweepPostgreSqlTests() : ErasureSweepTests(DatabaseProvider.PostgreSql);

/// <summary>An account that is erased is nowhere in the database afterwards.</summary>
public abstract class ErasureSweepTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private const string GivenName = "Zebulonia";
    private const string FamilyName = "Quakenbush";
    private const string FormerAddress = "zebulonia@former.example";
    private const string Neighbour = "neighbour@acme.example";

    /// <summary>Tables in which nothing is about a person. A new table is either here or has a row in <see cref="FillAsync"/>.</summary>
    private static readonly string[] Impersonal =
    [
        "BrandAssets", "DataProtectionKeys", "NetworkAllowances", "OpenIdClients", "OpenIdClientSecrets", "PortalSecrets", "SigningKeys", "SpentChallenges", "TenantDomains", "TenantOrigins",
        "Tenants", "__EFMigrationsHistory", "__EFMigrationsLock",
    ];

    [Fact]
    public async Task RunOnce_AccountThatIsDue_LeavesNothingOfThePersonButAuditRowsThatNameNobody()
    {
        await GivenAsync(configure: user => (user.GivenName, user.FamilyName) = (GivenName, FamilyName));
        var neighbour = await Host.CreateUserAsync(Tenant, Neighbour, OtherPassword);
        var session = await SignedInAsync();
        var flow = await FillAsync(session);
        string[] ids = [User.Id.ToString(), User.Id.ToString("N"), session.ToString(), flow.ToString()];
        string[] words =
        [
            Address, FormerAddress, GivenName, FamilyName, Browser.Facts.IpAddress!, AttemptReservations.SubjectOf(Address), AttemptReservations.SubjectOf(FormerAddress),
        ];
        var before = await EveryTable.SearchAsync(Host, [.. ids, .. words]);
        Assert.Equal(
            before.Keys.Except(Impersonal, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            before.Where(table => table.Value.Count > 0).Select(table => table.Key).Order(StringComparer.Ordinal));
        Assert.All([.. ids, .. words], needle => Assert.Contains(before.Values, table => table.Contains(needle)));

        Assert.IsType<ErasureResult.Scheduled>(await ErasureOf(Host).RequestAsync(Tenant.Id, session, Address, Browser.Facts, CancellationToken.None));
        Clock.Advance(AccountErasure.Grace);
        Assert.Equal(1, await SweepOf(Host).RunOnceAsync(CancellationToken.None));

        var after = await EveryTable.SearchAsync(Host, [.. ids, .. words]);
        Assert.Equal(
            ["SecurityEvents"], after.Where(table => table.Value.Count > 0).Select(table => table.Key));
        Assert.Empty(after["SecurityEvents"].Except([User.Id.ToString(), session.ToString()], StringComparer.Ordinal));
        Assert.Equal(neighbour.Id, (await ReadAsync(database => database.Users.SingleAsync())).Id);
        Assert.Equal(
            [Neighbour, "stranger@acme.example"],
            await ReadAsync(database => database.OutboxMails.Select(mail => mail.Recipient).Order().ToListAsync()));
        Assert.Equal(1, await ReadAsync(database => database.Flows.CountAsync()));
    }

    [Fact]
    public async Task RunOnce_BeforeItIsDueOrOnceItIsKept_LeavesTheAccount()
    {
        await GivenAsync();
        Assert.IsType<ErasureResult.Scheduled>(await ErasureOf(Host).RequestAsync(Tenant.Id, await SignedInAsync(), Address, Browser.Facts, CancellationToken.None));
        Clock.Advance(AccountErasure.Grace - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await SweepOf(Host).RunOnceAsync(CancellationToken.None));
        Assert.True(await ErasureOf(Host).UndoAsync(Tenant.Id, Assert.Single(await Host.Services.ReadMailsAsync(Address)).Token, Browser.Facts, CancellationToken.None));
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await SweepOf(Host).RunOnceAsync(CancellationToken.None));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task RunOnce_OnSeveralNodesAtOnceAndForASuspendedTenant_ErasesOnce()
    {
        await GivenAsync();
        Assert.IsType<ErasureResult.Scheduled>(await ErasureOf(Host).RequestAsync(Tenant.Id, await SignedInAsync(), Browser.Facts, CancellationToken.None));
        Clock.Advance(AccountErasure.Grace);
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Database.Tenants.ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Status, TenantStatus.Suspended));
        }

        var nodes = new[] { Host, AddHost(), Host, AddHost() };
        var erased = await Task.WhenAll(nodes.Select(node => Task.Run(() => SweepOf(node).RunOnceAsync(CancellationToken.None))));

        Assert.Equal(1, erased.Sum());
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.AccountErased)));
        Assert.Equal(0, await ReadAsync(database => database.Users.CountAsync()));
    }

    private static AccountErasure ErasureOf(CoreHost host) => host.Services.GetRequiredService<AccountErasure>();

    private static ErasureSweep SweepOf(CoreHost host) => host.Services.GetServices<IHostedService>().OfType<ErasureSweep>().Single();

    /// <summary>A row about the person in each table, and some of strangers.</summary>
    /// <returns>A sign-in of theirs.</returns>
    private async Task<Guid> FillAsync(Guid session)
    {
        var (now, tenant, user, flow) = (Clock.GetUtcNow(), Tenant.Id, User.Id, Guid.NewGuid());
        var (change, invitation, import, far) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Clock.GetUtcNow().AddDays(60));
        var (client, grant) = (Guid.NewGuid(), Guid.NewGuid());
        await using var scope = Host.OpenTenant(Tenant);
        var outbox = scope.Services.GetRequiredService<Outbox>();
        await outbox.AddAsync(scope.Database, Tenant, User, new MailDraft("PasskeyAdded"), CancellationToken.None);
        await outbox.AddAsync(scope.Database, Tenant, MailRecipient.Of(User) with { Address = "elsewhere@former.example" }, new MailDraft("PasskeyAdded"), CancellationToken.None);
        foreach (var address in (string[])[Address.ToUpperInvariant(), Neighbour, "stranger@acme.example"])
        {
            await outbox.AddAsync(scope.Database, Tenant, new MailRecipient(address), new MailDraft("AccountExists") { Link = "sign-in" }, CancellationToken.None);
        }

        foreach (var name in (string[])[Address, FormerAddress])
        {
            scope.Database.AddRange(
                new AttemptCounter { TenantId = tenant, Factor = AttemptFactor.Password, Subject = AttemptReservations.SubjectOf(name), LastAttemptAt = now, Failures = 9 },
                new MailAllowance { TenantId = tenant, Purpose = OneTimeLinkPurpose.PasswordReset, Subject = AttemptReservations.SubjectOf(name), Last = far });
        }

        scope.Database.AddRange(
            new Authenticator { Id = Guid.NewGuid(), TenantId = tenant, UserId = user, Name = "", ProtectedSeed = [1], CreatedAt = now },
            new ProfilePicture { UserId = user, TenantId = tenant, Key = "k", ContentType = "image/png", Content = [1], CreatedAt = now },
            new RecoveryCode { CodeHash = "code", TenantId = tenant, UserId = user, CreatedAt = now },
            new TrustedDevice { Id = Guid.NewGuid(), TenantId = tenant, UserId = user, TokenHash = "device", DeviceLabel = "", CreatedAt = now, LastUsedAt = now, ExpiresAt = far },
            new FlowRecord { Id = flow, TenantId = tenant, BindingHash = "", Identifier = "ADA@acme.example", CreatedAt = now, ExpiresAt = far },
            new FlowRecord { Id = Guid.NewGuid(), TenantId = tenant, BindingHash = "", Identifier = "\u212Ada@acme.example", CreatedAt = now, ExpiresAt = far },
            new FlowHandle { HandleHash = "handle", TenantId = tenant, Contract = "", FlowId = flow, UserId = user, ExpiresAt = far },
            new EmailCode { FlowId = flow, TenantId = tenant, ProtectedCode = [1], SentAt = now },
            new HandoffTicket { TicketHash = "ticket", TenantId = tenant, FlowId = flow, SessionId = session, BindingHash = "", ExpiresAt = far },
            new RefreshToken { Id = Guid.NewGuid(), TenantId = tenant, SessionId = session, HandleHash = "chain", TokenHash = "refresh", Contract = "", CreatedAt = now, ExpiresAt = far },
            new ApiKey { Id = Guid.NewGuid(), TenantId = tenant, UserId = user, SessionId = session, Name = "", KeyHash = "key", CreatedAt = now, ExpiresAt = far },
            new AttemptCounter { TenantId = tenant, Factor = AttemptFactor.Totp, Subject = user.ToString("N"), LastAttemptAt = now, Failures = 9 },
            new AccountRequest { Id = Guid.NewGuid(), TenantId = tenant, Kind = AccountRequestKind.PasswordReset, Address = "Ada@acme.example", CreatedAt = now },
            new AccountRequest { Id = Guid.NewGuid(), TenantId = tenant, Kind = AccountRequestKind.AddressChange, Address = "new@acme.example", UserId = user, CreatedAt = now },
            new AddressChange { Id = change, TenantId = tenant, UserId = user, PreviousAddress = FormerAddress, NewAddress = Address, CreatedAt = now, ExpiresAt = far },
            new Invitation { Id = invitation, TenantId = tenant, Email = Address, NormalizedEmail = EmailAddress.Normalize(Address), CreatedAt = now, ExpiresAt = far },
            new Invitation { Id = Guid.NewGuid(), TenantId = tenant, Email = "x@acme.example", NormalizedEmail = "X@ACME.EXAMPLE", InvitedBy = user, CreatedAt = now, ExpiresAt = far },
            new OneTimeLink { TokenHash = "link", TenantId = tenant, SubjectId = user, Purpose = OneTimeLinkPurpose.AddressVerification, CreatedAt = now, ExpiresAt = far },
            new OneTimeLink { TokenHash = "undo", TenantId = tenant, SubjectId = change, Purpose = OneTimeLinkPurpose.AddressChangeUndo, CreatedAt = now, ExpiresAt = far },
            new OneTimeLink { TokenHash = "invited", TenantId = tenant, SubjectId = invitation, Purpose = OneTimeLinkPurpose.Invitation, CreatedAt = now, ExpiresAt = far },
            new AccountImport
            {
                Id = import, TenantId = tenant, CreatedBy = user, FileName = "people.csv", CreatedAt = now, ExpiresAt = far, RowCount = 1, WrongCount = 0, ExistingCount = 0,
                IgnoredColumns = [],
            },
            new AccountImportRow
            {
                ImportId = import, Line = 2, TenantId = tenant, Address = Address, NormalizedAddress = EmailAddress.Normalize(Address), GivenName = GivenName,
                FamilyName = FamilyName, Role = "", Language = "",
            },
            new BrandingRevision { Id = Guid.NewGuid(), TenantId = tenant, Number = 1, Document = Branding.Default, PublishedAt = now, PublishedBy = user },
            new OpenIdClient
            {
                Id = client, TenantId = tenant, ClientId = "app", Name = "App", Kind = OpenIdClientKind.Web, Authentication = ClientAuthenticationKind.None, CreatedAt = now,
            },
            new AuthorizationRequest
            {
                Id = Guid.NewGuid(), TenantId = tenant, ClientId = client, CreatedAt = now, ExpiresAt = far,
                Parameters = new AuthorizationParameters { RedirectUri = "", Scopes = [], LoginHint = "Ada@acme.example" },
            },
            new AuthorizationRequest
            {
                Id = Guid.NewGuid(), TenantId = tenant, ClientId = client, CreatedAt = now, ExpiresAt = far, ConsentedUserId = user,
                Parameters = new AuthorizationParameters { RedirectUri = "", Scopes = [] },
            },
            new OpenIdGrant
            {
                Id = grant, TenantId = tenant, ClientId = client, UserId = user, SessionId = session, ToldSessionId = session, Scopes = [], AuthenticatedAt = now,
                AuthenticationMethods = [], AuthenticationContextClass = "", SecurityStamp = "", IsOffline = true, CreatedAt = now, LastUsedAt = now, ExpiresAt = far,
            },
            new AuthorizationCode { CodeHash = "authorization", TenantId = tenant, GrantId = grant, RedirectUri = "", Nonce = user.ToString(), ExpiresAt = far },
            new OpenIdRefreshToken { Id = Guid.NewGuid(), TenantId = tenant, GrantId = grant, TokenHash = "offline", SpentBy = user.ToString("N"), ExpiresAt = far },
            new OpenIdConsent { TenantId = tenant, UserId = user, ClientId = client, Scopes = [], GrantedAt = now },
            new BrandingDraft { TenantId = tenant, Document = Branding.Default, Version = 1, BasedOnRevisionId = null, SavedAt = now, SavedBy = user },
            new IdentityUserClaim<Guid> { UserId = user, ClaimType = "t", ClaimValue = "v" },
            new IdentityUserLogin<Guid> { UserId = user, LoginProvider = "p", ProviderKey = "k" },
            new IdentityUserToken<Guid> { UserId = user, LoginProvider = "p", Name = "n", Value = "v" },
            new Passkey
            {
                Id = Guid.NewGuid(), TenantId = tenant, UserId = user, CredentialId = [1], PublicKey = [1], SignCount = 0, Transports = [], Aaguid = Guid.Empty,
                Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = false, IsBackedUp = false, CreatedAt = now,
            });
        scope.Services.GetRequiredService<SecurityEventWriter>().Record(
            scope.Database, tenant, SecurityEventKind.AccountInvited, SecurityEventOutcome.Success, Browser.Facts, subjectId: invitation, actorId: user, sessionId: session);
        scope.Services.GetRequiredService<SecurityEventWriter>().Record(
            scope.Database,
            tenant,
            SecurityEventKind.AddressChanged,
            SecurityEventOutcome.Success,
            Browser.Facts,
            subjectId: user,
            differences: AuditDifference.Between(new { Email = FormerAddress }, new { Email = Address }));
        await scope.Database.SaveChangesAsync();
        return flow;
    }
}
