using System.Text.Json;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>What administrators see and set of their own tenant: its name, rules, and the clients that may use it.</summary>
public sealed class TenantSettings(AdministratorAccess access, TenantSettingsRules rules)
{
    /// <summary>The settings.</summary>
    public Task<AdministrationResult<TenantSettingsView>> ShowAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) => await ReadAsync(administrator, cancellation),
            cancellationToken);

    /// <summary>Changes the settings, all or nothing; what changed is audited. The next request on any node is under the new ones.</summary>
    /// <param name="session">Who.</param>
    /// <param name="change">The settings that shall be, made from those that are at that moment. May throw; nothing has changed then.</param>
    /// <param name="version">The version that the change was made for; <see langword="null"/> for whichever there is.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<SettingsResult>> ChangeAsync(
        AdministratorSession session, Func<TenantDocument, TenantDocument> change, string? version, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => ChangeAsync(administrator, change, version, cancellation),
            cancellationToken);

    private async Task<SettingsResult> ChangeAsync(
        Administrator administrator, Func<TenantDocument, TenantDocument> change, string? version, CancellationToken cancellationToken)
    {
        var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await LastAdministrator.LockAsync(database, tenantId, cancellationToken);
        var present = await ReadAsync(administrator, cancellationToken);
        if (version is not null && version != present.Version)
        {
            return new SettingsResult.ChangedMeanwhile(present);
        }

        var next = Tidy(change(present.Document));
        if (rules.Check(next, tenantId, administrator.Tenant.Branding) is { Count: > 0 } problems)
        {
            return new SettingsResult.Refused(problems);
        }

        var before = present.Document;
        var tenant = await database.Tenants.SingleAsync(t => t.Id == tenantId, cancellationToken);
        tenant.DisplayName = next.DisplayName;
        tenant.Policy = next.Policy;
        database.TenantOrigins.RemoveRange(await database.TenantOrigins
            .Where(o => o.TenantId == tenantId && !next.AllowedOrigins.Contains(o.Origin))
            .ToListAsync(cancellationToken));
        database.TenantOrigins.AddRange(next.AllowedOrigins.Except(before.AllowedOrigins, StringComparer.Ordinal)
            .Select(origin => new TenantOrigin { TenantId = tenantId, Origin = origin }));
        Record(administrator, before, next);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SettingsResult.Saved(await ReadAsync(administrator, cancellationToken));
    }

    private static void Record(Administrator administrator, TenantDocument before, TenantDocument after)
    {
        var settings = AuditDifference.Between(
            new { before.DisplayName, before.AllowedOrigins }, new { after.DisplayName, after.AllowedOrigins });
        if (settings.Count > 0)
        {
            administrator.Record(SecurityEventKind.TenantSettingsChanged, administrator.Tenant.Id, settings);
        }

        var policy = AuditDifference.Between(before.Policy, after.Policy);
        if (policy.Count > 0)
        {
            administrator.Record(SecurityEventKind.TenantPolicyChanged, administrator.Tenant.Id, policy);
        }
    }

    private static TenantDocument Tidy(TenantDocument document) => document with
    {
        DisplayName = document.DisplayName?.Trim() ?? "",
        AllowedOrigins = [.. (document.AllowedOrigins ?? []).Order(StringComparer.Ordinal)],
    };

    private static async Task<TenantSettingsView> ReadAsync(Administrator administrator, CancellationToken cancellationToken)
    {
        var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
        var tenant = await database.Tenants.AsNoTracking().Include(t => t.Domains).SingleAsync(t => t.Id == tenantId, cancellationToken);
        var origins = await database.TenantOrigins.Where(o => o.TenantId == tenantId).Select(o => o.Origin).ToListAsync(cancellationToken);
        var document = new TenantDocument(tenant.DisplayName, tenant.Policy, [.. origins.Order(StringComparer.Ordinal)]);
        return new TenantSettingsView(
            tenant.Slug,
            [
                .. tenant.Domains.Where(domain => domain.VerifiedAt is not null)
                    .OrderByDescending(domain => domain.IsPrimary).ThenBy(domain => domain.Host, StringComparer.Ordinal)
                    .Select(domain => domain.Host),
            ],
            document,
            Secret.Hash(JsonSerializer.Serialize(document)));
    }
}
