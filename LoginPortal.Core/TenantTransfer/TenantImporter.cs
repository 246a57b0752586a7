using System.Text.Json;
using System.Text.Json.Nodes;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.TenantTransfer;

/// <summary>Makes a tenant from a file of <see cref="TenantExporter"/>: all of it, in one transaction, or nothing.</summary>
public sealed class TenantImporter(IServiceScopeFactory scopes, TotpSeeds seeds, SecurityEventWriter events)
{
    private const int BatchSize = 200;

    /// <summary>Reads the file and makes the tenant.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="passphrase">The one that it was sealed with.</param>
    /// <param name="slug">Another name in addresses; <see langword="null"/> for the same as before.</param>
    /// <param name="progress">Is told after each row how many there were.</param>
    /// <param name="cancellationToken">Gives up; nothing has been stored then.</param>
    /// <returns>How many rows of each kind.</returns>
    /// <exception cref="StartupException">The file cannot be used, or what it holds is there already; nothing has been stored.</exception>
    public async Task<IReadOnlyDictionary<string, int>> ImportAsync(
        TextReader reader, string passphrase, string? slug, Action<int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(progress);
        using var file = await TransferFile.OpenAsync(reader, passphrase, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var name = slug ?? file.Header.Slug;
        if (database.Database.GetMigrations().Last()[15..] != file.Header.Schema)
        {
            throw new StartupException(
                $"The file was written by a portal whose database ends with the migration {file.Header.Schema}; bring both portals to the same version first.");
        }

        if (!TenantSlug.IsValid(name) || await database.Tenants.AnyAsync(tenant => tenant.Slug == name, cancellationToken))
        {
            throw new StartupException($"There is a tenant {name} already, or its name cannot be one; give another name.");
        }

        // What protects seeds must be there before the transaction: made inside it, it would wait for it.
        seeds.Create();
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var counts = await StoreAsync(database, file, reader, name, progress, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return counts;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            throw new StartupException("Something in the file is here already: the tenant itself under another name, or one of its domains.", exception);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or DbUpdateException)
        {
            throw new StartupException("The file has rows that do not fit this portal.", exception);
        }
    }

    private async Task<Dictionary<string, int>> StoreAsync(
        PortalDbContext database, TransferFile file, TextReader reader, string slug, Action<int> progress, CancellationToken cancellationToken)
    {
        var json = TransferPart.JsonOf(database);
        var parts = TransferPart.All.ToDictionary(part => part.Kind, StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Guid? tenantId = null, revisionId = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var (kind, values) = JsonSerializer.Deserialize<TransferLine>(file.Open(line), json)!;
            if (kind == TransferPart.End)
            {
                var told = values.Deserialize<Dictionary<string, int>>(json)!;
                return tenantId is { } id && told.Count == counts.Count && told.All(count => counts.GetValueOrDefault(count.Key) == count.Value)
                    ? await FinishAsync(database, id, revisionId, counts, cancellationToken)
                    : throw new StartupException("The file does not hold what it says it holds.");
            }

            var row = RowOf(parts[kind], values, json);
            if (row is Tenant tenant)
            {
                (tenantId, revisionId) = (tenant.Id, tenant.BrandingRevisionId);
                (tenant.Slug, tenant.BrandingRevisionId) = (slug, null);
            }
            else if (!Equals(database.Entry(row).Property("TenantId").CurrentValue, tenantId))
            {
                throw new StartupException("The file has rows of another tenant.");
            }

            database.Add(row);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            var total = counts.Values.Sum();
            progress(total);
            if (total % BatchSize == 0)
            {
                await SaveAsync(database, cancellationToken);
            }
        }

        throw new StartupException("The file ends too early.");
    }

    private object RowOf(TransferPart part, JsonObject values, JsonSerializerOptions json)
    {
        if (part.Type == typeof(Authenticator))
        {
            values["protectedSeed"] = JsonValue.Create(Convert.ToBase64String(seeds.Protect(Convert.FromBase64String(values["protectedSeed"]!.GetValue<string>()))));
        }

        return values.Deserialize(part.Type, json)!;
    }

    private async Task<Dictionary<string, int>> FinishAsync(
        PortalDbContext database, Guid tenantId, Guid? revisionId, Dictionary<string, int> counts, CancellationToken cancellationToken)
    {
        await SaveAsync(database, cancellationToken);
        await database.Tenants.Where(tenant => tenant.Id == tenantId)
            .ExecuteUpdateAsync(tenant => tenant.SetProperty(x => x.BrandingRevisionId, revisionId), cancellationToken);
        events.Record(
            database,
            tenantId,
            SecurityEventKind.TenantImported,
            SecurityEventOutcome.Success,
            RequestFacts.Portal,
            subjectId: tenantId,
            differences: AuditDifference.Between(null, counts));
        await SaveAsync(database, cancellationToken);
        return counts;
    }

    private static async Task SaveAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        await database.SaveChangesAsync(cancellationToken);
        database.ChangeTracker.Clear();
    }
}
