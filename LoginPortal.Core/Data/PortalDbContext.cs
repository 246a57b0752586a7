using LoginPortal.Core.AccountImports;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
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
using LoginPortal.Core.Throttling;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>
/// The portal's data. Everything that belongs to a tenant is filtered by the tenant of the current scope; outside a
/// tenant such queries find nothing. The two subclasses exist so that each engine has its own migrations.
/// </summary>
/// <remarks>
/// Contexts are pooled, because to set one up takes longer than a query: one that is disposed belongs to no tenant and later to another scope. It is to be
/// had from a scope alone, and never to be kept for longer.
/// </remarks>
public abstract class PortalDbContext(DbContextOptions options) : IdentityUserContext<PortalUser, Guid>(options)
{
    private TenantContext? _tenant;

    /// <summary>The tenants. Not filtered: they are what a request is resolved against.</summary>
    public DbSet<Tenant> Tenants => Set<Tenant>();

    /// <summary>The hosts of all tenants. Not filtered, for the same reason.</summary>
    public DbSet<TenantDomain> TenantDomains => Set<TenantDomain>();

    /// <summary>Published branding. Not filtered: it is public, and read while a tenant is being resolved.</summary>
    public DbSet<BrandingRevision> BrandingRevisions => Set<BrandingRevision>();

    /// <summary>The branding that the tenant's administrators are working on.</summary>
    public DbSet<BrandingDraft> BrandingDrafts => Set<BrandingDraft>();

    /// <summary>Pictures and fonts of the tenant.</summary>
    public DbSet<BrandAsset> BrandAssets => Set<BrandAsset>();

    /// <summary>Sign-ins under way in the tenant.</summary>
    public DbSet<FlowRecord> Flows => Set<FlowRecord>();

    /// <summary>Counters of wrong guesses in the tenant.</summary>
    public DbSet<AttemptCounter> AttemptCounters => Set<AttemptCounter>();

    /// <summary>Sessions of the tenant.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Authenticator apps of the tenant's people.</summary>
    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    /// <summary>Passkeys of the tenant's people.</summary>
    public DbSet<Passkey> Passkeys => Set<Passkey>();

    /// <summary>Challenges that have been answered in the tenant.</summary>
    public DbSet<SpentChallenge> SpentChallenges => Set<SpentChallenge>();

    /// <summary>Recovery codes of the tenant's people.</summary>
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    /// <summary>Trusted devices of the tenant's people.</summary>
    public DbSet<TrustedDevice> TrustedDevices => Set<TrustedDevice>();

    /// <summary>Codes sent by e-mail for sign-ins of the tenant.</summary>
    public DbSet<EmailCode> EmailCodes => Set<EmailCode>();

    /// <summary>Mails of the tenant, waiting and sent.</summary>
    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();

    /// <summary>How many mails the tenant has sent to whom.</summary>
    public DbSet<MailAllowance> MailAllowances => Set<MailAllowance>();

    /// <summary>Wishes about accounts that wait for their mail.</summary>
    public DbSet<AccountRequest> AccountRequests => Set<AccountRequest>();

    /// <summary>Invitations that wait to be accepted.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();

    /// <summary>Files of people that the tenant's administrators uploaded.</summary>
    public DbSet<AccountImport> AccountImports => Set<AccountImport>();

    /// <summary>The people in them.</summary>
    public DbSet<AccountImportRow> AccountImportRows => Set<AccountImportRow>();

    /// <summary>Changes of address, wished for and made.</summary>
    public DbSet<AddressChange> AddressChanges => Set<AddressChange>();

    /// <summary>What networks have asked the tenant for.</summary>
    public DbSet<NetworkAllowance> NetworkAllowances => Set<NetworkAllowance>();

    /// <summary>Pictures of the tenant's people.</summary>
    public DbSet<ProfilePicture> ProfilePictures => Set<ProfilePicture>();

    /// <summary>Handoff tickets of the tenant.</summary>
    public DbSet<HandoffTicket> HandoffTickets => Set<HandoffTicket>();

    /// <summary>Security events of the tenant.</summary>
    public DbSet<SecurityEvent> SecurityEvents => Set<SecurityEvent>();

    /// <summary>One-time links of the tenant.</summary>
    public DbSet<OneTimeLink> OneTimeLinks => Set<OneTimeLink>();

    /// <summary>Values that the portal made for itself, shared by all nodes and tenants.</summary>
    public DbSet<PortalSecret> PortalSecrets => Set<PortalSecret>();

    /// <summary>The keys that access tokens are signed with. Not filtered: they are the portal's.</summary>
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>Refresh tokens of the tenant.</summary>
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    /// <summary>API keys of the tenant's people.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>Handles of sign-ins of the tenant.</summary>
    public DbSet<FlowHandle> FlowHandles => Set<FlowHandle>();

    /// <summary>Origins that tenants registered. Not filtered: they are asked for before the tenant is known.</summary>
    public DbSet<TenantOrigin> TenantOrigins => Set<TenantOrigin>();

    /// <summary>Applications of the tenant.</summary>
    public DbSet<OpenIdClient> OpenIdClients => Set<OpenIdClient>();

    /// <summary>Secrets of the tenant's applications.</summary>
    public DbSet<OpenIdClientSecret> OpenIdClientSecrets => Set<OpenIdClientSecret>();

    /// <summary>Authorization requests of the tenant that wait.</summary>
    public DbSet<AuthorizationRequest> AuthorizationRequests => Set<AuthorizationRequest>();

    /// <summary>What applications of the tenant were given.</summary>
    public DbSet<OpenIdGrant> OpenIdGrants => Set<OpenIdGrant>();

    /// <summary>Authorization codes of the tenant.</summary>
    public DbSet<AuthorizationCode> AuthorizationCodes => Set<AuthorizationCode>();

    /// <summary>Refresh tokens of the tenant's applications.</summary>
    public DbSet<OpenIdRefreshToken> OpenIdRefreshTokens => Set<OpenIdRefreshToken>();

    /// <summary>What people of the tenant agreed to.</summary>
    public DbSet<OpenIdConsent> OpenIdConsents => Set<OpenIdConsent>();

    /// <summary>The key ring of ASP.NET Core Data Protection, shared by all nodes and tenants.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The tenant that queries are filtered by; <see cref="Guid.Empty"/>, which nothing has, outside a tenant.</summary>
    internal Guid TenantId => _tenant?.Current?.Id ?? Guid.Empty;

    /// <inheritdoc />
    public override void Dispose()
    {
        _tenant = null;
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        _tenant = null;
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    /// <summary>Belongs to a scope from now on.</summary>
    internal PortalDbContext In(TenantContext tenant)
    {
        _tenant = tenant;
        return this;
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        PortalModel.Configure(builder, this);
    }
}
