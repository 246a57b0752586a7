using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.TenantTransfer;

/// <summary>
/// Writes a whole tenant into a file for another installation: settings, look, people with what they sign in with, applications, security events.
/// Row by row, from one state of the database, however large it is.
/// </summary>
public sealed class TenantExporter(IServiceScopeFactory scopes, TotpSeeds seeds, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How often the passphrase is hashed. Default 600,000.</summary>
    internal int Iterations { get; set; } = 600_000;

    /// <summary>Writes the tenant.</summary>
    /// <param name="slug">The tenant, in service or not.</param>
    /// <param name="passphrase">Seals the file; at least 15 characters.</param>
    /// <param name="withEvents">Whether its security events go with it.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="progress">Is told after each row how many there were.</param>
    /// <param name="cancellationToken">Gives up; the file is useless then.</param>
    /// <returns>How many rows of each kind.</returns>
    /// <exception cref="StartupException">There is no such tenant, or the passphrase is too short.</exception>
    public async Task<IReadOnlyDictionary<string, int>> ExportAsync(
        string slug, string passphrase, bool withEvents, TextWriter writer, Action<int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(progress);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var tenant = await database.Tenants.AsNoTracking().SingleOrDefaultAsync(row => row.Slug == slug, cancellationToken)
            ?? throw new StartupException($"There is no tenant {slug}.");
        if (slug == TenantSlug.Platform)
        {
            throw new StartupException("The platform's own tenant belongs to its installation; it is not exported.");
        }

        var header = new TransferHeader(
            TransferFile.Format, TransferFile.Version, database.Database.GetMigrations().Last()[15..], slug, time.GetUtcNow(), RandomNumberGenerator.GetBytes(32), Iterations);
        using var file = await TransferFile.CreateAsync(header, passphrase, writer);

        // Noted first: whoever takes a tenant away is known also where the file is never finished.
        events.Record(database, tenant.Id, SecurityEventKind.TenantExported, SecurityEventOutcome.Success, RequestFacts.Portal, subjectId: tenant.Id);
        await database.SaveChangesAsync(cancellationToken);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var json = TransferPart.JsonOf(database);
        await using var snapshot = await BeginSnapshotAsync(database, cancellationToken);
        foreach (var part in TransferPart.All.Where(part => withEvents || part.Type != typeof(SecurityEvent)))
        {
            await foreach (var row in part.Read(database, tenant.Id).WithCancellation(cancellationToken))
            {
                var values = JsonSerializer.SerializeToNode(row, part.Type, json)!.AsObject();
                if (row is Authenticator authenticator)
                {
                    // Sealed by the file, in place of a key that only this installation has.
                    values["protectedSeed"] = JsonValue.Create(Convert.ToBase64String(seeds.Read(authenticator)));
                }

                await WriteAsync(part.Kind, values);
                counts[part.Kind] = counts.GetValueOrDefault(part.Kind) + 1;
                progress(counts.Values.Sum());
            }
        }

        await WriteAsync(TransferPart.End, JsonSerializer.SerializeToNode(counts, json)!.AsObject());
        await writer.FlushAsync(cancellationToken);
        return counts;

        Task WriteAsync(string kind, JsonObject values) => writer.WriteLineAsync(file.Seal(JsonSerializer.SerializeToUtf8Bytes(new TransferLine(kind, values), json)));
    }

    /// <summary>One state of the database for every table. SQLite's own would take the right to write away from everybody meanwhile.</summary>
    private static async Task<IDbContextTransaction> BeginSnapshotAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        if (database is not SqlitePortalDbContext)
        {
            return await database.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        }

        await database.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)database.Database.GetDbConnection();
        return (await database.Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellationToken))!;
    }
}
