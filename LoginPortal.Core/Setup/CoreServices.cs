using System.Net;
using System.Net.Mail;
using DnsClient;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Captcha;
using LoginPortal.Core.Data;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.IdentityImport;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Mail.Templates;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.SignIn.Steps;
using LoginPortal.Core.Telemetry;
using LoginPortal.Core.TenantTransfer;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Domains;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>Registers everything that decides, for both hosts alike.</summary>
public static class CoreServices
{
    /// <summary>Adds options (checked at start, all errors together), data, tenants, passwords, sign-in and sessions.</summary>
    public static IHostApplicationBuilder AddLoginPortalCore(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);

        // A node that is not ready says so to whoever asks, several times a second; why, is logged by what failed.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        AddOptions(builder);
        builder.AddData();
        builder.AddTelemetry();
        builder.Services.AddTenants(builder.Environment).AddAccounts().AddSignIn().AddTotp().AddRecoveryCodes().AddEmailCodes().AddTrustedDevices().AddPasskeys()
            .AddMail().AddRecovery().AddRegistration().AddTokens().AddOpenId().AddSetup();
        return builder;
    }

    private static void AddOptions(IHostApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<PortalOptions>(PortalOptions.Section)
            .Validate(
                options => options.PublicOrigin is { IsAbsoluteUri: true, Scheme: "http" or "https", AbsolutePath: "/" },
                "Portal:PublicOrigin must be the origin that people reach the portal at, such as https://login.example.com.")
            .Validate(
                options => builder.Environment.IsDevelopment() || options.PublicOrigin is null or { IsAbsoluteUri: false } or { Scheme: "https" } or { IsLoopback: true },
                "Portal:PublicOrigin must use https outside Development.")
            .Validate(
                options => options.MaximumCircuits >= 0 && options.MaximumCircuitsPerAddress >= 0,
                "Portal:MaximumCircuits and Portal:MaximumCircuitsPerAddress must not be negative.")
            .Validate(
                options => options.SessionCheckInterval > TimeSpan.Zero && options.SessionCheckInterval <= TimeSpan.FromSeconds(60),
                "Portal:SessionCheckInterval must be more than zero and at most 00:01:00.")
            .Validate(
                options => options.TrustedProxies.All(proxy => IPNetwork.TryParse(proxy, out _) || IPAddress.TryParse(proxy, out _)),
                "Portal:TrustedProxies must hold network addresses or networks such as 10.0.0.0/8.")
            .Validate(
                options => options.KeyEncryptionCertificatePath is null || File.Exists(options.KeyEncryptionCertificatePath),
                "Portal:KeyEncryptionCertificatePath names no file.")
            .Validate(
                options => options.KeyEncryptionCertificatePath is null || !File.Exists(options.KeyEncryptionCertificatePath) || DataServices.OpenKeyEncryptionCertificate(builder.Configuration) is { HasPrivateKey: true },
                "Portal:KeyEncryptionCertificatePath must be a PKCS #12 file with a private key that Portal:KeyEncryptionCertificatePassword opens.")
            .Validate(options => options.PlacesPath is null || File.Exists(options.PlacesPath), "Portal:PlacesPath names no file.")
            .Validate(
                options => options.AdditionalHosts.All(host => Uri.CheckHostName(host) != UriHostNameType.Unknown),
                "Portal:AdditionalHosts must hold hosts such as login.example.com, without scheme and port.")
            .Validate(
                options => options.DrainDelay >= TimeSpan.Zero && options.DrainDelay <= TimeSpan.FromMinutes(5),
                "Portal:DrainDelay must be 00:00:00 to 00:05:00.")
            .Validate(
                _ => TelemetryServices.EndpointKeys.All(key => builder.Configuration[key] is null or "" || Uri.TryCreate(builder.Configuration[key], UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"),
                "OTEL_EXPORTER_OTLP_ENDPOINT, and those for traces, metrics and logs, must be addresses such as http://collector:4317.");
        builder.Services.AddCheckedOptions<DatabaseOptions>(DatabaseOptions.Section)
            .Configure(options => options.ConnectionString = builder.Configuration.GetConnectionString("Portal") ?? "")
            .Validate(options => Enum.IsDefined(options.Provider), "Database:Provider must be Sqlite or PostgreSql.")
            .Validate(options => options.ConnectionString.Length > 0, "ConnectionStrings:Portal must name the database.")
            .Validate(
                options => options.ConnectionString.Length == 0 || options.IsConnectionStringReadable(),
                "ConnectionStrings:Portal cannot be read; it is like Data Source=portal.db for SQLite, and like Host=db;Database=portal;Username=portal for PostgreSQL.");
        builder.Services.AddCheckedOptions<PasswordHashingOptions>(PasswordHashingOptions.Section)
            .Validate(
                options => options.Iterations >= PasswordHashingOptions.MinimumIterations,
                $"PasswordHashing:Iterations must be at least {PasswordHashingOptions.MinimumIterations}.")
            .Validate(
                options => options.MaximumConcurrency >= 1 && options.QueueLimit >= 0,
                "PasswordHashing:MaximumConcurrency must be at least 1 and PasswordHashing:QueueLimit at least 0.");
    }

    private static IServiceCollection AddTenants(this IServiceCollection services, IHostEnvironment environment)
    {
        services
            .AddScoped<TenantContext>()
            .AddSingleton<TenantCache>()
            .AddSingleton<TenantDoor>()
            .AddHostedService<TenantChangeListener>()
            .AddScoped<TenantDirectory>()
            .AddScoped<TenantResolution>()
            .AddScoped<RequestOrigins>()
            .AddSingleton<DomainAdministration>();
        if (environment.IsDevelopment())
        {
            return services
                .AddSingleton<IDomainProof>(new DevelopmentDomainProof(DomainProofMethod.Dns))
                .AddSingleton<IDomainProof>(new DevelopmentDomainProof(DomainProofMethod.File));
        }

        services.AddHttpClient(nameof(FileDomainProof)).ConfigurePrimaryHttpMessageHandler(FileDomainProof.CreateHandler);
        return services
            .AddSingleton(_ => new Lazy<ILookupClient>(() => new LookupClient(DnsDomainProof.Configure(new LookupClientOptions()))))
            .AddSingleton<IDomainProof, DnsDomainProof>()
            .AddSingleton<IDomainProof, FileDomainProof>();
    }

    private static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<ILookupNormalizer, AddressNormalizer>();
        services.AddIdentityCore<PortalUser>(options =>
            {
                // Version 3 adds a table for passkeys; the portal has its own.
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version2;
                options.User.RequireUniqueEmail = true;

                // Which addresses are well formed is EmailAddress's to say.
                options.User.AllowedUserNameCharacters = "";
            })
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddUserStore<PasskeyUserStore>();
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<PasswordHashingOptions>>((hasher, ours) => hasher.IterationCount = ours.Value.Iterations);
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>());
        return services
            .AddSingleton<PasswordHashing>()
            .AddSingleton<PasswordBlocklist>()
            .AddSingleton<PasswordRules>()
            .AddSingleton<PasswordChanges>()
            .AddSingleton<SecurityEventWriter>()
            .AddSingleton<OwnAccounts>()
            .AddSingleton<AdministratorAccess>()
            .AddSingleton<AccountDirectory>()
            .AddSingleton<AccountAdministration>()
            .AddSingleton<AccountOpening>()
            .AddSingleton<AccountDossiers>()
            .AddSingleton<PendingInvitations>()
            .AddSingleton<AccountImporter>()
            .AddSingleton<SignInStatistics>()
            .AddSingleton<TenantSettingsRules>()
            .AddSingleton<TenantSettings>()
            .AddSingleton<PolicyConsequences>()
            .AddSingleton<AuditTrail>()
            .AddSingleton<TenantRegister>()
            .AddSingleton<SigningKeyAdministration>()
            .AddSingleton<TenantDeletion>()
            .AddHostedService(provider => provider.GetRequiredService<TenantDeletion>())
            .AddSingleton<AdministrationOverview>()
            .AddSingleton<BrandingStudio>()
            .AddSingleton<BrandingAssets>()
            .AddSingleton<BrandingFiles>()
            .AddSingleton<AccountSecurity>()
            .AddSingleton<AccountErasure>()
            .AddScoped<AccountEraser>()
            .AddSingleton<PersonalDataExport>()
            .AddHostedService<ErasureSweep>()
            .AddSingleton<AccountNotices>()
            .AddSingleton<AccountOverviews>()
            .AddSingleton<AccountProfile>()
            .AddSingleton<AccountPassword>()
            .AddSingleton<AccountDevices>()
            .AddSingleton<AccountActivity>()
            .AddSingleton<AccountPictures>()
            .AddSingleton<IpPlaces>()
            .AddScoped<OwnProfile>()
            .AddScoped<OwnPassword>()
            .AddScoped<AccountCreation>();
    }

    private static IServiceCollection AddSignIn(this IServiceCollection services) => services
        .AddSingleton<SignInRunner>()
        .AddScoped<SignInCommitter>()
        .AddScoped<AttemptReservations>()
        .AddScoped<ISignInStep, IdentifyStep>()
        .AddScoped<ISignInStep, VerifyPasswordStep>()
        .AddScoped<SignInViews>()
        .AddScoped<SecondFactors>()
        .AddScoped<ISignInStep, ChangePasswordStep>()
        .AddScoped<ISignInStep, PostponeEnrolmentStep>()
        .AddScoped<SessionService>();

    private static IServiceCollection AddTotp(this IServiceCollection services) => services
        .AddSingleton<TotpSeeds>()
        .AddScoped<TotpEnrolments>()
        .AddSingleton<AuthenticatorChanges>()
        .AddScoped<ISignInStep, VerifyTotpStep>()
        .AddScoped<ISignInStep, ConfirmTotpStep>();

    private static IServiceCollection AddRecoveryCodes(this IServiceCollection services) => services
        .AddScoped<RecoveryCodeSets>()
        .AddScoped<ISignInStep, VerifyRecoveryCodeStep>()
        .AddScoped<ISignInStep, KeepRecoveryCodesStep>()
        .AddScoped<ISignInStep, ReplaceRecoveryCodesStep>();

    private static IServiceCollection AddEmailCodes(this IServiceCollection services) => services
        .AddScoped<MailedCodes>()
        .AddScoped<ISignInStep, SendEmailCodeStep>()
        .AddScoped<ISignInStep, VerifyEmailCodeStep>()
        .AddScoped<IAccountRequestAnswer, SignInCodeAnswer>()
        .AddScoped<ISignInStep, SendSignInCodeStep>()
        .AddScoped<ISignInStep, VerifySignInCodeStep>();

    private static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddCheckedOptions<MailOptions>(MailOptions.Section)
            .Validate<IHostEnvironment>(
                (options, environment) => environment.IsDevelopment() || options.Host is { Length: > 0 } || options.PickupFolder is { Length: > 0 },
                "Mail:Host must name the SMTP server that mails are sent through (or Mail:PickupFolder a folder that another program sends them from).")
            .Validate(options => options is not { PickupFolder.Length: > 0, Host.Length: > 0 }, "Mail:PickupFolder and Mail:Host exclude each other.")
            .Validate(options => MailAddress.TryCreate(options.From, out _), "Mail:From must be an e-mail address.")
            .Validate(options => options.Timeout > TimeSpan.Zero && options.Timeout <= MailOptions.MaximumTimeout, "Mail:Timeout must be more than zero and at most 00:01:00.")
            .Validate(options => options.Port is > 0 and <= ushort.MaxValue, "Mail:Port must be 1 to 65535.")
            .Validate(options => string.IsNullOrEmpty(options.UserName) == string.IsNullOrEmpty(options.Password), "Mail:UserName and Mail:Password must be given together.");
        return services
            .AddSingleton<MailRenderer>()
            .AddSingleton<MailContents>()
            .AddSingleton<Outbox>()
            .AddSingleton<MailQueue>()
            .AddSingleton<IMailSender, SmtpMailSender>()
            .AddSingleton<OutboxSender>()
            .AddHostedService(provider => provider.GetRequiredService<OutboxSender>());
    }

    private static IServiceCollection AddRecovery(this IServiceCollection services) => services
        .AddSingleton<PasswordRecovery>()
        .AddSingleton<AddressVerification>()
        .AddScoped<PasswordResetAnswer>()
        .AddScoped<IAccountRequestAnswer>(provider => provider.GetRequiredService<PasswordResetAnswer>())
        .AddSingleton<AccountRequestHandler>()
        .AddHostedService(provider => provider.GetRequiredService<AccountRequestHandler>())
        .AddScoped<ISignInStep, SendVerificationStep>()
        .AddScoped<ISignInStep, ContinueVerifiedStep>();

    private static IServiceCollection AddRegistration(this IServiceCollection services)
    {
        services.AddCheckedOptions<CaptchaOptions>(CaptchaOptions.Section)
            .Validate(
                options => new[] { options.Turnstile, options.HCaptcha }.All(service => string.IsNullOrEmpty(service.SiteKey) == string.IsNullOrEmpty(service.SecretKey)),
                "SiteKey and SecretKey of Captcha:Turnstile, and of Captcha:HCaptcha, must be given together.");
        services.AddHttpClient(nameof(SiteVerification), client => client.Timeout = SiteVerification.Timeout);
        return services
            .AddSingleton<ICaptchaVerifier, ProofOfWork>()
            .AddSiteVerification(CaptchaKind.Turnstile, options => options.Turnstile)
            .AddSiteVerification(CaptchaKind.HCaptcha, options => options.HCaptcha)
            .AddSingleton<RegistrationRules>()
            .AddSingleton<AccountRegistration>()
            .AddSingleton<Invitations>()
            .AddScoped<IAccountRequestAnswer, RegistrationAnswer>()
            .AddSingleton<AddressChanging>()
            .AddSingleton<AddressChangeLinks>()
            .AddScoped<IAccountRequestAnswer, AddressChangeAnswer>()
            .AddScoped<ISignInStep, SendRegistrationMailStep>()
            .AddScoped<ISignInStep, ContinueRegisteredStep>();
    }

    private static IServiceCollection AddSiteVerification(
        this IServiceCollection services, CaptchaKind kind, Func<CaptchaOptions, CaptchaService> service) =>
        services.AddSingleton<ICaptchaVerifier>(provider => new SiteVerification(
            kind,
            service(provider.GetRequiredService<IOptions<CaptchaOptions>>().Value),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(SiteVerification)),
            provider.GetRequiredService<ILogger<SiteVerification>>()));

    private static IServiceCollection AddTrustedDevices(this IServiceCollection services) => services
        .AddScoped<TrustedDeviceRegister>()
        .AddScoped<ISecondFactorExemption>(provider => provider.GetRequiredService<TrustedDeviceRegister>());

    private static IServiceCollection AddPasskeys(this IServiceCollection services) => services
        .AddSingleton<PasskeyCeremonySeal>()
        .AddSingleton<IPasskeyCeremonyReader>(provider => provider.GetRequiredService<PasskeyCeremonySeal>())
        .AddSingleton<DecoyCredentials>()
        .AddSingleton<PasskeyCeremonies>()
        .AddSingleton<PasskeyChanges>()
        .AddSingleton<PasskeyAccount>()
        .AddScoped<RelyingParties>()
        .AddScoped<PasskeyHandlers>()
        .AddScoped<PasskeyOptionsMaker>()
        .AddScoped<PasskeyVerifier>()
        .AddScoped<ISignInStep, VerifyPasskeyStep>()
        .AddScoped<ISignInStep, RegisterPasskeyStep>();

    private static IServiceCollection AddSetup(this IServiceCollection services) => services
        .AddScoped<DatabaseStartup>()
        .AddScoped<DemoData>()
        .AddScoped<FirstOperator>()
        .AddSingleton<ConsoleAdministration>()
        .AddSingleton<TenantExporter>()
        .AddSingleton<TenantImporter>()
        .AddSingleton<IdentityImporter>()
        .AddSingleton<DrainState>()
        .AddSingleton<ReadinessCheck>()
        .Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainingLifetime>())
        .AddHostedService<ExpiredDataCleanup>()
        .AddHealthChecks().AddCheck<ReadinessCheck>(nameof(ReadinessCheck), tags: [ReadinessCheck.Tag]).Services;
}
