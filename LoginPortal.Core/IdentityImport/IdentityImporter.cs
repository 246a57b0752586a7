using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.IdentityImport;

/// <summary>
/// Takes the accounts of an ASP.NET Core Identity database over into a tenant: addresses, password hashes, authenticator apps, recovery codes,
/// passkeys. Each batch is a transaction, and an account that is there is left alone, so that a run that was cut short is simply run again.
/// </summary>
public sealed class IdentityImporter(
    IServiceScopeFactory scopes, TotpSeeds seeds, SecurityEventWriter events, IOptions<PasswordHashingOptions> hashing, TimeProvider time)
{
    private const string Reason = "identity_import";

    /// <summary>Imports, or looks what an import would do.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="note">Is told everything that there is to say about single accounts.</param>
    /// <param name="progress">Is told how far it has got.</param>
    /// <param name="cancellationToken">Stops after the batch under way; what has been imported stays.</param>
    /// <exception cref="StartupException">The tenant or the source is not there.</exception>
    public async Task<IdentityImportReport> RunAsync(
        IdentityImportRequest request, Action<IdentityImportNote> note, Action<IdentityImportProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(progress);
        var tenant = await FindTenantAsync(request.TenantSlug, cancellationToken);
        await using var source = await IdentitySource.OpenAsync(request.Provider, request.ConnectionString, cancellationToken);
        var run = new Run(request, tenant, new Dictionary<IdentityImportFinding, long>(), new HashSet<string>(StringComparer.Ordinal));
        var (total, done) = (await source.CountAsync(cancellationToken), 0L);
        progress(new IdentityImportProgress(0, total));
        object? last = null;
        while (await source.ReadAsync(last, request.BatchSize, cancellationToken) is { Count: > 0 } batch)
        {
            foreach (var line in await ImportAsync(run, batch, cancellationToken))
            {
                run.Counts[line.Finding] = run.Counts.GetValueOrDefault(line.Finding) + 1;
                note(line);
            }

            last = batch[^1].Key;
            done += batch.Count;
            progress(new IdentityImportProgress(done, Math.Max(total, done)));
        }

        if (!request.IsDryRun)
        {
            await RecordAsync(run, cancellationToken);
        }

        return new IdentityImportReport(done, run.Counts);
    }

    private async Task<TenantProfile> FindTenantAsync(string slug, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, cancellationToken);
        return tenant is null ? throw new StartupException($"There is no tenant {slug} in service.")
            : tenant.Slug == TenantSlug.Platform ? throw new StartupException("The platform's own tenant has operators alone; nobody is imported into it.")
            : tenant;
    }

    private async Task<IEnumerable<IdentityImportNote>> ImportAsync(Run run, IReadOnlyList<SourceAccount> batch, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreAsync(run, batch, cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody opened an account with one of these addresses at this moment, or a credential is there twice: one by one, only that one fails.
            var notes = new List<IdentityImportNote>();
            foreach (var account in batch)
            {
                try
                {
                    notes.AddRange(await StoreAsync(run, [account], cancellationToken));
                }
                catch (DbUpdateException single) when (single.IsUniqueViolation())
                {
                    notes.Add(new IdentityImportNote(account.Id, IdentityImportFinding.Duplicate));
                }
            }

            return notes;
        }
    }

    private async Task<IEnumerable<IdentityImportNote>> StoreAsync(Run run, IReadOnlyList<SourceAccount> batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(run.Tenant);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var plans = batch.Select(AccountPlan.Of).ToList();
        var owners = await OwnersAsync(database, run.Tenant.Id, batch, cancellationToken);
        List<string> names = [.. plans.Where(plan => plan.Address is not null).Select(plan => EmailAddress.Normalize(plan.Address!))];
        var taken = (await database.Users.Where(user => names.Contains(user.NormalizedUserName!)).Select(user => user.NormalizedUserName!).ToListAsync(cancellationToken))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            var (own, derived) = (AccountPlan.OwnId(plan.Source), AccountPlan.DerivedId(run.Tenant.Id, plan.Source));
            var isThere = (own is { } known && owners.GetValueOrDefault(known) == run.Tenant.Id) || owners.ContainsKey(derived);
            if (isThere)
            {
                plan.Note(IdentityImportFinding.AlreadyImported);
            }
            else if (plan.Address is null)
            {
                plan.Note(IdentityImportFinding.NoAddress);
            }
            else if (!taken.Add(EmailAddress.Normalize(plan.Address)) || (run.Request.IsDryRun && !run.Seen.Add(EmailAddress.Normalize(plan.Address))))
            {
                plan.Note(IdentityImportFinding.Duplicate);
            }
            else
            {
                plan.Note(IdentityImportFinding.Imported);
                plan.Fill(own is { } free && !owners.ContainsKey(free) ? free : derived, run.Tenant.Id, run.Request, seeds, hashing.Value.Iterations, time.GetUtcNow());
                Add(database, plan);
            }
        }

        if (!run.Request.IsDryRun)
        {
            await database.SaveChangesAsync(cancellationToken);
        }

        return plans.SelectMany(plan => plan.Notes);
    }

    /// <summary>Whose the identifiers are that the accounts of a batch could have here.</summary>
    private static async Task<Dictionary<Guid, Guid>> OwnersAsync(
        PortalDbContext database, Guid tenantId, IReadOnlyList<SourceAccount> batch, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. batch.SelectMany(source => new[] { AccountPlan.OwnId(source), AccountPlan.DerivedId(tenantId, source) }).OfType<Guid>()];
        return await database.Users.IgnoreQueryFilters().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.TenantId, cancellationToken);
    }

    private void Add(PortalDbContext database, AccountPlan plan)
    {
        database.Users.Add(plan.User!);
        if (plan.Authenticator is { } authenticator)
        {
            database.Authenticators.Add(authenticator);
        }

        database.RecoveryCodes.AddRange(plan.RecoveryCodes);
        database.Passkeys.AddRange(plan.Passkeys);
        events.Record(
            database, plan.User!.TenantId, SecurityEventKind.AccountCreated, SecurityEventOutcome.Success, RequestFacts.Portal, subjectId: plan.User.Id, reason: Reason);
    }

    private async Task RecordAsync(Run run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        events.Record(
            database,
            run.Tenant.Id,
            SecurityEventKind.AccountsImported,
            SecurityEventOutcome.Success,
            RequestFacts.Portal,
            subjectId: run.Tenant.Id,
            reason: Reason,
            differences: AuditDifference.Between(null, run.Counts));
        await database.SaveChangesAsync(cancellationToken);
    }

    private sealed record Run(
        IdentityImportRequest Request, TenantProfile Tenant, Dictionary<IdentityImportFinding, long> Counts, HashSet<string> Seen);
}
