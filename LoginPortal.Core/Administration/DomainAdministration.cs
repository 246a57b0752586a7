using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Domains;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Administration;

/// <summary>
/// A tenant's own hosts: claimed, proved, made the one that links use, given back. A host resolves to a tenant only once it is proved, and one tenant
/// alone can have proved it; every node asks the database with each request, so a change holds everywhere at once.
/// </summary>
public sealed class DomainAdministration(
    AdministratorAccess access, IEnumerable<IDomainProof> proofs, IOptions<PortalOptions> options, TimeProvider time)
{
    /// <summary>How long a claim may wait to be proved.</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromDays(7);

    /// <summary>How many hosts a tenant may have, claimed ones too.</summary>
    public const int MaximumCount = 20;

    /// <summary>How long a claim is not looked at again: each look is a request to somebody else's machine.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>The hosts.</summary>
    public Task<AdministrationResult<DomainStanding>> ShowAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(session, AdministrationRight.Tenant, StandingAsync, cancellationToken);

    /// <summary>Claims a host. Whether another tenant has it is not told: that would be told to anybody who can type.</summary>
    /// <param name="session">Who.</param>
    /// <param name="host">The host, in any case, letters of every language; no port, no scheme.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<DomainResult>> AddAsync(AdministratorSession session, string? host, CancellationToken cancellationToken) => RunAsync(
        session,
        async (administrator, cancellation) =>
        {
            var name = HostName.Normalize((host ?? "").Trim());
            if (!RegisteredAddress.IsDomain(name) || name.Length > 253 - DomainProofs.DnsNameOf("").Length || char.IsAsciiDigit(name[^1]))
            {
                return new DomainResult.Refused(DomainProblem.NotAHost);
            }

            if (options.Value.AdditionalHosts.Append(options.Value.PublicOrigin!.Host).Any(own => HostName.Normalize(own) == name))
            {
                return new DomainResult.Refused(DomainProblem.OfThePortal);
            }

            var (database, tenantId, now) = (administrator.Database, administrator.Tenant.Id, time.GetUtcNow());
            await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
            await LastAdministrator.LockAsync(database, tenantId, cancellation);
            var known = await database.TenantDomains.Where(domain => domain.TenantId == tenantId).Select(domain => domain.Host).ToListAsync(cancellation);
            if (known.Contains(name, StringComparer.Ordinal) || known.Count >= MaximumCount)
            {
                return new DomainResult.Refused(known.Count >= MaximumCount ? DomainProblem.TooMany : DomainProblem.Known);
            }

            var domain = new TenantDomain
            {
                Id = Guid.CreateVersion7(now), TenantId = tenantId, Host = name, Token = Secret.Create(), ClaimedAt = now, ExpiresAt = now + ClaimLifetime,
            };
            database.TenantDomains.Add(domain);
            Record(administrator, SecurityEventKind.DomainClaimed, domain.Id, before: null, name);
            await database.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        },
        cancellationToken);

    /// <summary>Looks whether a claim is proved.</summary>
    /// <param name="session">Who.</param>
    /// <param name="domainId">The claim.</param>
    /// <param name="method">Where to look.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<DomainResult>> ProveAsync(
        AdministratorSession session, Guid domainId, DomainProofMethod method, CancellationToken cancellationToken) => RunAsync(
            session,
            async (administrator, cancellation) =>
            {
                var (database, tenantId, now) = (administrator.Database, administrator.Tenant.Id, time.GetUtcNow());
                var claims = database.TenantDomains.Where(d => d.Id == domainId && d.TenantId == tenantId && d.VerifiedAt == null && d.ExpiresAt > now);
                if (await claims.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } claim || !Enum.IsDefined(method))
                {
                    return new DomainResult.NotFound();
                }

                // Reserved before anybody is asked, so that many at once ask once.
                var latest = now - Pause;
                if (await claims.Where(d => d.TriedAt == null || d.TriedAt <= latest)
                    .ExecuteUpdateAsync(update => update.SetProperty(d => d.TriedAt, now), cancellation) != 1)
                {
                    return new DomainResult.Refused(DomainProblem.TooSoon);
                }

                var found = await proofs.First(proof => proof.Method == method).CheckAsync(claim.Host, DomainProofs.ValueOf(claim.Token), cancellation);
                return found == DomainProofResult.Proved
                    ? await VerifyAsync(administrator, claim, cancellation)
                    : new DomainResult.NotProved(claim.Host, method, found);
            },
            cancellationToken);

    /// <summary>Makes a host the one that links, mails, passkeys and applications use.</summary>
    /// <param name="session">Who.</param>
    /// <param name="domainId">The host, proved; <see langword="null"/> for the portal's own address again.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<DomainResult>> MakePrimaryAsync(
        AdministratorSession session, Guid? domainId, CancellationToken cancellationToken) => RunAsync(
            session,
            async (administrator, cancellation) =>
            {
                var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                await LastAdministrator.LockAsync(database, tenantId, cancellation);
                var domains = await database.TenantDomains.Where(d => d.TenantId == tenantId && d.VerifiedAt != null).ToListAsync(cancellation);
                var (before, after) = (domains.Find(d => d.IsPrimary), domains.Find(d => d.Id == domainId));
                if (domainId is not null && after is null)
                {
                    return new DomainResult.NotFound();
                }

                if (before != after)
                {
                    domains.ForEach(domain => domain.IsPrimary = domain == after);
                    Record(administrator, SecurityEventKind.PrimaryDomainChanged, after?.Id, before?.Host, after?.Host);
                    await database.SaveChangesAsync(cancellation);
                }

                await transaction.CommitAsync(cancellation);
                return null;
            },
            cancellationToken);

    /// <summary>Gives a host back, or drops a claim. From then on nothing is served under it. The primary one must stop being that first.</summary>
    /// <param name="session">Who.</param>
    /// <param name="domainId">The host.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<DomainResult>> RemoveAsync(AdministratorSession session, Guid domainId, CancellationToken cancellationToken) => RunAsync(
        session,
        async (administrator, cancellation) =>
        {
            var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
            await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
            await LastAdministrator.LockAsync(database, tenantId, cancellation);
            if (await database.TenantDomains.SingleOrDefaultAsync(d => d.Id == domainId && d.TenantId == tenantId, cancellation) is not { } domain)
            {
                return new DomainResult.NotFound();
            }

            if (domain.IsPrimary)
            {
                return new DomainResult.Refused(DomainProblem.Primary);
            }

            database.TenantDomains.Remove(domain);
            Record(administrator, SecurityEventKind.DomainRemoved, domain.Id, domain.Host, after: null);
            await database.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        },
        cancellationToken);

    private static async Task<DomainResult?> VerifyAsync(Administrator administrator, TenantDomain claim, CancellationToken cancellationToken)
    {
        var (database, now) = (administrator.Database, administrator.Get<TimeProvider>().GetUtcNow());
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            if (await database.TenantDomains.Where(d => d.Id == claim.Id && d.VerifiedAt == null).ExecuteUpdateAsync(
                update => update.SetProperty(d => d.VerifiedAt, now).SetProperty(d => d.ExpiresAt, (DateTimeOffset?)null), cancellationToken) != 1)
            {
                return new DomainResult.NotFound();
            }
        }
        catch (Exception exception) when (DatabaseErrors.IsUniqueViolation(exception))
        {
            return new DomainResult.Refused(DomainProblem.Taken);
        }

        Record(administrator, SecurityEventKind.DomainVerified, claim.Id, before: null, claim.Host);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static void Record(Administrator administrator, string kind, Guid? subjectId, string? before, string? after) => administrator.Record(
        kind, subjectId ?? administrator.Tenant.Id, AuditDifference.Between(new { Host = before }, new { Host = after }));

    private Task<AdministrationResult<DomainResult>> RunAsync(
        AdministratorSession session, Func<Administrator, CancellationToken, Task<DomainResult?>> work, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
                await work(administrator, cancellation) ?? new DomainResult.Done(await StandingAsync(administrator, cancellation)),
            cancellationToken);

    private async Task<DomainStanding> StandingAsync(Administrator administrator, CancellationToken cancellationToken)
    {
        var (database, tenant, now) = (administrator.Database, administrator.Tenant, time.GetUtcNow());
        var domains = await database.TenantDomains.AsNoTracking()
            .Where(d => d.TenantId == tenant.Id && (d.ExpiresAt == null || d.ExpiresAt > now))
            .ToListAsync(cancellationToken);
        return new DomainStanding(
            (tenant with { PrimaryHost = null }).BaseAddress(options.Value.PublicOrigin!),
            [
                .. domains.OrderByDescending(d => d.IsPrimary).ThenBy(d => d.VerifiedAt is null).ThenBy(d => d.Host, StringComparer.Ordinal)
                    .Select(d => new TenantDomainView(d.Id, d.Host, d.VerifiedAt, d.IsPrimary, d.ExpiresAt, DomainProofs.ValueOf(d.Token))),
            ],
            await database.Passkeys.CountAsync(cancellationToken),
            await database.Passkeys.Select(passkey => passkey.UserId).Distinct().CountAsync(cancellationToken),
            await database.OpenIdClients.CountAsync(cancellationToken),
            await database.Sessions.CountAsync(s => s.EndedAt == null && s.ExpiresAt > now, cancellationToken));
    }
}
