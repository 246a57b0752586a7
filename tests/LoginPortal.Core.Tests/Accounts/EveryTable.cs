using System.Data.Common;
using System.Globalization;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

/// <summary>Looks for something in every column of every table that the database itself says it has.</summary>
internal static class EveryTable
{
    private const string Tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

    private const string PostgreSqlTables =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name";

    /// <summary>Each table, with what of <paramref name="needles"/> is found in it, in whatever case and form.</summary>
    public static async Task<Dictionary<string, HashSet<string>>> SearchAsync(CoreHost host, params IReadOnlyList<string> needles)
    {
        await using var scope = host.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var connection = database.Database.GetDbConnection();
        await connection.OpenAsync();
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var table in await ReadAsync(connection, database is SqlitePortalDbContext ? Tables : PostgreSqlTables))
        {
            var cells = await ReadAsync(connection, $"SELECT * FROM \"{table}\"");
            found[table] = [.. needles.Where(needle => cells.Exists(cell => cell.Contains(needle, StringComparison.OrdinalIgnoreCase)))];
        }

        return found;
    }

    private static async Task<List<string>> ReadAsync(DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();

        // The names are the database's own.
#pragma warning disable CA2100
        command.CommandText = statement;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var cells = new List<string>();
        while (await reader.ReadAsync())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                cells.Add(reader.GetValue(column) switch
                {
                    byte[] { Length: 16 } bytes => $"{new Guid(bytes)} {new Guid(bytes, bigEndian: true)} {Encoding.Latin1.GetString(bytes)}",
                    byte[] bytes => Encoding.Latin1.GetString(bytes),
                    string[] texts => string.Join(' ', texts),
                    var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
                });
            }
        }

        return cells;
    }
}
