using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Setup;

public sealed class OperatingTests() : DatabaseTests(DatabaseProvider.Sqlite)
{
    private ConsoleAdministration Administration => Host.Services.GetRequiredService<ConsoleAdministration>();

    [Fact]
    public async Task Signal_WithADelay_MakesTheNodeUnreadyFirstAndEndsItLater()
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection([new("Portal:DrainDelay", "00:00:10")]));
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var lifetime = (DrainingLifetime)host.Services.GetRequiredService<IHostLifetime>();
        Assert.Equal(HealthStatus.Healthy, await ReadinessAsync(host));

        var end = lifetime.EndAsync();

        Assert.Equal(HealthStatus.Unhealthy, await ReadinessAsync(host));
        Assert.False(stopping.IsCancellationRequested);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await end;
        Assert.True(stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Signal_ASecondTime_DoesNotWait()
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection([new("Portal:DrainDelay", "00:00:10")]));
        var lifetime = (DrainingLifetime)host.Services.GetRequiredService<IHostLifetime>();

        _ = lifetime.EndAsync();
        await lifetime.EndAsync();

        Assert.True(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Readiness_WithoutMigrationsOrDatabase_IsUnhealthy()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync(DatabaseProvider.Sqlite);
        await using var unmigrated = new CoreHost(empty, Clock);
        Assert.Equal(HealthStatus.Unhealthy, await ReadinessAsync(unmigrated));
        await using (var scope = unmigrated.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None);
        }

        Assert.Equal(HealthStatus.Healthy, await ReadinessAsync(unmigrated));
        await using (var scope = unmigrated.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Database.ExecuteSqlAsync($"DROP TABLE \"Tenants\"");
        }

        Assert.Equal(HealthStatus.Unhealthy, await ReadinessAsync(unmigrated));
    }

    [Fact]
    public async Task Configuration_WithFaultsOfEveryKind_IsToldAtOnceInSentences()
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:PublicOrign"] = "https://login.example.com",
            ["Portal:MaximumCircuits"] = "many",
            ["Portal:SessionCheckInterval"] = "soon",
            ["Portal:DrainDelay"] = "00:10:00",
            ["Portal:AdditionalHosts:0"] = "https://login.example.com",
            ["Portal:Maintenance"] = "yes",
            ["Database:Provider"] = "Oracle",
            ["Mail:Port"] = "70000",
            ["Mail:UserName"] = "portal",
            ["Captcha:Turnstile:SiteKey"] = "key",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector",
        }));

        var refusal = await Assert.ThrowsAsync<StartupException>(() => host.Services.CheckAsync(isSchemaNeeded: false));

        string[] expected =
        [
            "Portal:PublicOrign is no setting. Is PublicOrigin meant?",
            "Portal:MaximumCircuits must be a whole number, not 'many'.",
            "Portal:SessionCheckInterval must be a duration such as 00:00:30 or 7.00:00:00, not 'soon'.",
            "Portal:DrainDelay must be 00:00:00 to 00:05:00.",
            "Portal:AdditionalHosts must hold hosts such as login.example.com, without scheme and port.",
            "Portal:Maintenance must be true or false, not 'yes'.",
            "Database:Provider must be Sqlite or PostgreSql, not 'Oracle'.",
            "Mail:Port must be 1 to 65535.",
            "Mail:UserName and Mail:Password must be given together.",
            "SiteKey and SecretKey of Captcha:Turnstile, and of Captcha:HCaptcha, must be given together.",
            "OTEL_EXPORTER_OTLP_ENDPOINT, and those for traces, metrics and logs, must be addresses such as http://collector:4317.",
        ];
        Assert.Equal(expected.Order(), refusal.Problems.Order());
    }

    [Theory]
    [InlineData("Portal:KeyEncryptionCertificatePath", "Portal:KeyEncryptionCertificatePath must be a PKCS #12 file")]
    [InlineData("ConnectionStrings:Portal", "ConnectionStrings:Portal cannot be read")]
    public async Task Configuration_OfWhatCannotBeOpened_IsToldInWords(string key, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "Neither a certificate nor a connection string.");
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection(
            [new(key, key.StartsWith("Portal", StringComparison.Ordinal) ? file : "Neither this")]));

        var refusal = await Assert.ThrowsAsync<StartupException>(() => host.Services.CheckAsync(isSchemaNeeded: false));

        Assert.Contains(expected, Assert.Single(refusal.Problems), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Tenant_MadeAtTheConsole_IsAuditedAndItsAdministratorInvited()
    {
        await Host.Services.CheckAsync(isSchemaNeeded: true);
        var made = await Administration.CreateTenantAsync("initech", " Initech ", "boss@initech.example", CancellationToken.None);

        Assert.Equal("Initech", Assert.IsType<TenantResult.Done>(made).Tenant.DisplayName);
        Assert.Contains("accept-invitation?token=", Assert.Single(await Host.Services.ReadMailsAsync("boss@initech.example")).Text, StringComparison.Ordinal);
        Assert.IsType<TenantResult.SlugTaken>(await Administration.CreateTenantAsync("initech", "Again", null, CancellationToken.None));
        var refused = Assert.IsType<TenantResult.Refused>(await Administration.CreateTenantAsync("No Slug", "", "nobody", CancellationToken.None));
        Assert.Equal([TenantField.Slug, TenantField.DisplayName, TenantField.Administrator], refused.Fields);
        Assert.Equal(2, await CountAsync(SecurityEventKind.TenantCreated));
    }

    [Fact]
    public async Task Operator_InvitedAtTheConsole_OpensTheAccountWithTheLinkOnce()
    {
        var invitation = await Administration.InviteOperatorAsync("olga@portal.example", isMailed: false, CancellationToken.None);

        Assert.Equal(InvitationResult.Sent, invitation.Result);
        Assert.StartsWith("https://login.example.com/t/platform/accept-invitation?token=", invitation.Link!.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Host.Services.ReadMailsAsync("olga@portal.example"));
        var token = invitation.Link.Query[7..];
        await using var scope = Host.CreateScope();
        var platform = (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync("platform", CancellationToken.None))!;
        var form = new RegistrationForm { Password = "blue-kettle-walks-at-noon", GivenName = "Olga", FamilyName = "Operator" };
        var invitations = Host.Services.GetRequiredService<Invitations>();
        Assert.IsType<RegistrationResult.Done>(await invitations.AcceptAsync(platform.Id, token, form, SignIn.Browser.Facts, CancellationToken.None));
        Assert.IsType<RegistrationResult.Closed>(await invitations.AcceptAsync(platform.Id, token, form, SignIn.Browser.Facts, CancellationToken.None));
        var user = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Users.IgnoreQueryFilters().SingleAsync();
        Assert.Equal(PortalRole.PlatformOperator, user.Role);
        Assert.Equal(
            InvitationResult.AlreadyMember, (await Administration.InviteOperatorAsync("olga@portal.example", isMailed: true, CancellationToken.None)).Result);
    }

    [Fact]
    public async Task Keys_Rotated_OverlapOnEveryNode()
    {
        var keys = Host.Services.GetRequiredService<SigningKeys>();
        var other = AddHost().Services.GetRequiredService<SigningKeys>();
        var before = (await keys.GetCurrentAsync(CancellationToken.None)).KeyId;
        await other.GetCurrentAsync(CancellationToken.None);

        await Administration.RotateKeysAsync(TimeSpan.FromHours(1), revoke: false, CancellationToken.None);

        Assert.Equal(before, (await keys.GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.Equal(2, (await keys.GetPublishedAsync(CancellationToken.None)).Keys.Count);
        Clock.Advance(TimeSpan.FromHours(1));
        var after = (await keys.GetCurrentAsync(CancellationToken.None)).KeyId;
        Assert.NotEqual(before, after);
        Assert.Equal(after, (await other.GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.NotNull(await other.FindAsync(before, CancellationToken.None));
        Assert.Equal(1, await CountAsync(SecurityEventKind.SigningKeysRotated));
    }

    [Fact]
    public async Task Keys_Revoked_AreBelievedNoLonger()
    {
        var keys = Host.Services.GetRequiredService<SigningKeys>();
        var before = (await keys.GetCurrentAsync(CancellationToken.None)).KeyId;

        await Administration.RotateKeysAsync(TimeSpan.FromHours(1), revoke: true, CancellationToken.None);

        Assert.NotEqual(before, (await keys.GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.Null(await keys.FindAsync(before, CancellationToken.None));
        Assert.Single((await keys.GetPublishedAsync(CancellationToken.None)).Keys);
    }

    private static async Task<HealthStatus> ReadinessAsync(CoreHost host) => (await host.Services.GetRequiredService<HealthCheckService>()
        .CheckHealthAsync(check => check.Tags.Contains(ReadinessCheck.Tag), CancellationToken.None)).Status;

    private async Task<int> CountAsync(string kind)
    {
        await using var scope = Host.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().SecurityEvents.IgnoreQueryFilters().CountAsync(e => e.Kind == kind);
    }
}
