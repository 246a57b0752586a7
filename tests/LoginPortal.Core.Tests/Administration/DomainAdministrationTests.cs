using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Domains;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoginPortal.Core.Tests.Administration;

public sealed class DomainAdministrationSqliteTests() : DomainAdministrationTests(DatabaseProvider.Sqlite);

public sealed class DomainAdministrationPostgreSqlTests() : DomainAdministrationTests(DatabaseProvider.PostgreSql);

public abstract class DomainAdministrationTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private readonly FakeProof _proof = new();
    private CoreHost? _node;

    private DomainAdministration Domains => (_node ??= AddHost(builder =>
    {
        builder.Services.RemoveAll<IDomainProof>();
        builder.Services.AddSingleton<IDomainProof>(_proof);
    })).Services.GetRequiredService<DomainAdministration>();

    [Fact]
    public async Task Domain_ClaimedProvedMadePrimaryAndGivenBack_IsTheTenantsInBetween()
    {
        var session = await AdministratorAsync();
        var claimed = DoneOf(await Domains.AddAsync(session, " ID.Acme.Example. ", CancellationToken.None)).Domains.Single();
        Assert.Equal(("id.acme.example", (DateTimeOffset?)null), (claimed.Host, claimed.VerifiedAt));
        Assert.Null(await ResolveAsync("id.acme.example"));
        Assert.IsType<DomainResult.NotFound>(AnswerOf(await Domains.MakePrimaryAsync(session, claimed.Id, CancellationToken.None)));

        var missed = Assert.IsType<DomainResult.NotProved>(AnswerOf(await Domains.ProveAsync(session, claimed.Id, DomainProofMethod.Dns, CancellationToken.None)));
        Assert.Equal(DomainProofResult.NotFound, missed.Found);
        Assert.Equal(DomainProblem.TooSoon, ProblemOf(await Domains.ProveAsync(session, claimed.Id, DomainProofMethod.Dns, CancellationToken.None)));
        Clock.Advance(DomainAdministration.Pause);
        _proof.Published = claimed.ProofValue;
        DoneOf(await Domains.ProveAsync(session, claimed.Id, DomainProofMethod.Dns, CancellationToken.None));
        Assert.Equal(Tenant.Id, (await ResolveAsync("id.acme.example"))!.Id);
        Assert.Null((await ResolveAsync("id.acme.example"))!.PrimaryHost);

        Clock.Advance(TimeSpan.FromSeconds(1));
        DoneOf(await Domains.MakePrimaryAsync(session, claimed.Id, CancellationToken.None));
        Assert.Equal("id.acme.example", (await ResolveAsync("id.acme.example"))!.PrimaryHost);
        Assert.Equal(DomainProblem.Primary, ProblemOf(await Domains.RemoveAsync(session, claimed.Id, CancellationToken.None)));
        Clock.Advance(TimeSpan.FromSeconds(1));
        DoneOf(await Domains.MakePrimaryAsync(session, null, CancellationToken.None));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(DoneOf(await Domains.RemoveAsync(session, claimed.Id, CancellationToken.None)).Domains);

        Assert.Null(await ResolveAsync("id.acme.example"));
        var audited = await ReadAsync(database => database.SecurityEvents.Where(e => e.Differences != null).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal(
            [SecurityEventKind.DomainClaimed, SecurityEventKind.DomainVerified, SecurityEventKind.PrimaryDomainChanged, SecurityEventKind.PrimaryDomainChanged, SecurityEventKind.DomainRemoved],
            audited.Select(e => e.Kind));
        Assert.Equal([new AuditDifference("host", "\"id.acme.example\"", null)], audited[^1].Differences);
        Assert.All(audited, e => Assert.Equal(User.Id, e.ActorId));
    }

    [Fact]
    public async Task Host_ThatCannotBeATenants_IsRefused()
    {
        var session = await AdministratorAsync();

        foreach (var host in (string[])["", "acme", "https://acme.example", "acme.example:443", "127.0.0.1", "[::1]", "acme.example/x", "-a.example"])
        {
            Assert.Equal((host, DomainProblem.NotAHost), (host, ProblemOf(await Domains.AddAsync(session, host, CancellationToken.None))));
        }

        Assert.Equal(DomainProblem.OfThePortal, ProblemOf(await Domains.AddAsync(session, "LOGIN.example.com.", CancellationToken.None)));
    }

    [Fact]
    public async Task Domain_ProvedByOneTenant_IsNotTakenByAnotherThatClaimsItToo()
    {
        var first = await AdministratorAsync();
        var claim = DoneOf(await Domains.AddAsync(first, "id.acme.example", CancellationToken.None)).Domains.Single();
        var tenant = Tenant;
        await GivenAsync(PortalRole.TenantAdministrator, "squatter");
        var other = await AsAdministratorAsync();
        var rival = DoneOf(await Domains.AddAsync(other, "id.acme.example", CancellationToken.None)).Domains.Single();
        Assert.NotEqual(claim.ProofValue, rival.ProofValue);
        Assert.IsType<DomainResult.NotFound>(AnswerOf(await Domains.ProveAsync(other, claim.Id, DomainProofMethod.Dns, CancellationToken.None)));
        Assert.IsType<DomainResult.NotFound>(AnswerOf(await Domains.RemoveAsync(other, claim.Id, CancellationToken.None)));

        _proof.Published = claim.ProofValue;
        Assert.IsType<DomainResult.NotProved>(AnswerOf(await Domains.ProveAsync(other, rival.Id, DomainProofMethod.Dns, CancellationToken.None)));
        DoneOf(await Domains.ProveAsync(first, claim.Id, DomainProofMethod.Dns, CancellationToken.None));
        Clock.Advance(DomainAdministration.Pause);
        _proof.Published = rival.ProofValue;
        Assert.Equal(DomainProblem.Taken, ProblemOf(await Domains.ProveAsync(other, rival.Id, DomainProofMethod.Dns, CancellationToken.None)));

        Assert.Equal(tenant.Id, (await ResolveAsync("id.acme.example"))!.Id);
    }

    [Fact]
    public async Task Claim_ThatIsNotProvedInTime_IsDropped()
    {
        var session = await AdministratorAsync();
        var claim = DoneOf(await Domains.AddAsync(session, "id.acme.example", CancellationToken.None)).Domains.Single();
        _proof.Published = claim.ProofValue;
        Assert.Equal(DomainProblem.Known, ProblemOf(await Domains.AddAsync(session, "id.acme.example", CancellationToken.None)));
        Clock.Advance(DomainAdministration.ClaimLifetime);
        session = await AsAdministratorAsync();

        Assert.IsType<DomainResult.NotFound>(AnswerOf(await Domains.ProveAsync(session, claim.Id, DomainProofMethod.Dns, CancellationToken.None)));
        Assert.Empty(AnswerOf(await Domains.ShowAsync(session, CancellationToken.None)).Domains);
        using var cleanup = new ExpiredDataCleanup(Host.Services.GetRequiredService<IServiceScopeFactory>(), Clock, NullLogger<ExpiredDataCleanup>.Instance);
        await cleanup.RunOnceAsync(CancellationToken.None);
        Assert.Equal(0, await ReadAsync(database => database.TenantDomains.CountAsync()));
    }

    [Fact]
    public async Task Domains_OfATenant_AreForItsAdministratorsAlone()
    {
        await GivenAsync(PortalRole.Member);
        var member = await AsAdministratorAsync();

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Domains.ShowAsync(member, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Domains.AddAsync(member, "id.acme.example", CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Domains.MakePrimaryAsync(member, null, CancellationToken.None)));
    }

    private static DomainStanding DoneOf(AdministrationResult<DomainResult> result) => Assert.IsType<DomainResult.Done>(AnswerOf(result)).Standing;

    private static DomainProblem ProblemOf(AdministrationResult<DomainResult> result) => Assert.IsType<DomainResult.Refused>(AnswerOf(result)).Problem;

    private async Task<AdministratorSession> AdministratorAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        return await AsAdministratorAsync();
    }

    /// <summary>As the next request on any node does it.</summary>
    private async Task<TenantProfile?> ResolveAsync(string host)
    {
        await using var scope = Host.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByHostAsync(host, CancellationToken.None);
    }

    private sealed class FakeProof : IDomainProof
    {
        public string? Published { get; set; }

        public DomainProofMethod Method => DomainProofMethod.Dns;

        public Task<DomainProofResult> CheckAsync(string host, string value, CancellationToken cancellationToken) =>
            Task.FromResult(Published is null ? DomainProofResult.NotFound : Published == value ? DomainProofResult.Proved : DomainProofResult.Different);
    }
}
