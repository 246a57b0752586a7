using System.Data.Common;
using System.Globalization;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LoginPortal.Core.IdentityImport;

/// <summary>
/// Reads an ASP.NET Core Identity database with its default tables, whatever the type of its keys is and whatever columns were added. Nothing is
/// written to it.
/// </summary>
internal sealed class IdentitySource(DbConnection connection) : IAsyncDisposable
{
    /// <summary>The provider that Identity's own store keeps its tokens under.</summary>
    private const string OwnProvider = "[AspNetUserStore]";

    private static readonly string[] GivenNames = ["GivenName", "FirstName", "Forename"];
    private static readonly string[] FamilyNames = ["FamilyName", "LastName", "Surname"];

    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);

    /// <summary>Opens the database for reading.</summary>
    /// <exception cref="StartupException">It cannot be opened, or is no Identity database; the message says which.</exception>
    public static async Task<IdentitySource> OpenAsync(DatabaseProvider provider, string connectionString, CancellationToken cancellationToken)
    {
        IdentitySource? source = null;
        try
        {
            source = new IdentitySource(provider == DatabaseProvider.Sqlite
                ? new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
                : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Options = "-c default_transaction_read_only=on", Pooling = false }.ToString()));
            await source.FindTablesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or ArgumentException or KeyNotFoundException)
        {
            throw new StartupException($"The source cannot be read: {exception.Message}", exception);
        }

        return source._tables.Contains("AspNetUsers") ? source : throw new StartupException("The source has no table AspNetUsers that can be read.");
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>How many accounts there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT COUNT(*) FROM \"AspNetUsers\"", []);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>The next accounts, in the order of their keys, with what belongs to them.</summary>
    /// <param name="after">The key of the last account of the batch before; <see langword="null"/> for the first.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<SourceAccount>> ReadAsync(object? after, int size, CancellationToken cancellationToken)
    {
        var accounts = new List<SourceAccount>();
        var condition = after is null ? "" : "WHERE \"Id\" > @p0 ";
        await foreach (var row in RowsAsync($"SELECT * FROM \"AspNetUsers\" {condition}ORDER BY \"Id\" LIMIT {size}", after is null ? [] : [after], cancellationToken))
        {
            accounts.Add(AccountOf(row));
        }

        if (accounts.Count > 0)
        {
            await AddBelongingsAsync(accounts, cancellationToken);
        }

        return accounts;
    }

    private async Task FindTablesAsync(CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        var catalogue = connection is SqliteConnection
            ? "SELECT name AS name FROM sqlite_master WHERE type IN ('table', 'view')"
            : "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'v', 'p') AND pg_table_is_visible(oid)";
        await foreach (var row in RowsAsync(catalogue, [], cancellationToken))
        {
            _tables.Add(row.Text("name")!);
        }
    }

    private async Task AddBelongingsAsync(List<SourceAccount> accounts, CancellationToken cancellationToken)
    {
        var byId = accounts.ToDictionary(account => account.Id, StringComparer.Ordinal);
        object[] keys = [.. accounts.Select(account => account.Key)];
        var list = string.Join(", ", keys.Select((_, index) => $"@p{index}"));
        await ForEachAsync("AspNetUserTokens", $"SELECT * FROM \"AspNetUserTokens\" WHERE \"UserId\" IN ({list})", (account, row) =>
        {
            if (row.Text("LoginProvider") == OwnProvider && row.Text("Name") == "AuthenticatorKey")
            {
                account.AuthenticatorKey = row.Text("Value");
            }
            else if (row.Text("LoginProvider") == OwnProvider && row.Text("Name") == "RecoveryCodes")
            {
                account.RecoveryCodes = row.Text("Value");
            }
        });
        await ForEachAsync(
            "AspNetUserLogins",
            $"SELECT * FROM \"AspNetUserLogins\" WHERE \"UserId\" IN ({list})",
            (account, row) => account.Logins.Add(row.Text("LoginProvider") ?? ""));
        await ForEachAsync(
            "AspNetUserRoles",
            $"SELECT r.*, n.\"Name\" FROM \"AspNetUserRoles\" r JOIN \"AspNetRoles\" n ON n.\"Id\" = r.\"RoleId\" WHERE r.\"UserId\" IN ({list})",
            (account, row) => account.Roles.Add(row.Text("Name") ?? ""));
        await ForEachAsync(
            "AspNetUserPasskeys",
            $"SELECT * FROM \"AspNetUserPasskeys\" WHERE \"UserId\" IN ({list})",
            (account, row) => account.Passkeys.Add(new SourcePasskey(row.Bytes("CredentialId"), row.Text("Data") ?? "{}")));

        async Task ForEachAsync(string table, string query, Action<SourceAccount, Row> take)
        {
            if (_tables.Contains(table))
            {
                await foreach (var row in RowsAsync(query, keys, cancellationToken))
                {
                    take(byId[row.Text("UserId")!], row);
                }
            }
        }
    }

    private static SourceAccount AccountOf(Row row) => new()
    {
        Key = row.Values["Id"]!,
        Id = row.Text("Id")!,
        UserName = row.Text("UserName"),
        Email = row.Text("Email"),
        EmailConfirmed = row.Flag("EmailConfirmed"),
        PasswordHash = row.Text("PasswordHash"),
        TwoFactorEnabled = row.Flag("TwoFactorEnabled"),
        LockoutEnd = row.Instant("LockoutEnd"),
        GivenName = GivenNames.Select(row.Text).FirstOrDefault(name => name is not null),
        FamilyName = FamilyNames.Select(row.Text).FirstOrDefault(name => name is not null),
    };

    private async IAsyncEnumerable<Row> RowsAsync(
        string query, object[] parameters, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(query, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new Row(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, index => reader.IsDBNull(index) ? null : reader.GetValue(index), StringComparer.OrdinalIgnoreCase));
        }
    }

    private DbCommand Command(string query, object[] parameters)
    {
        var command = connection.CreateCommand();

        // Made of names and numbers that are written above; every value is a parameter.
#pragma warning disable CA2100
        command.CommandText = query;
#pragma warning restore CA2100
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{index}", parameters[index]);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>A row as the driver reads it: SQLite has no flags and instants, so they are read from what they are kept as.</summary>
    private sealed record Row(Dictionary<string, object?> Values)
    {
        public string? Text(string column) => Convert.ToString(Values.GetValueOrDefault(column), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

        public bool Flag(string column) => Values.GetValueOrDefault(column) switch
        {
            bool flag => flag,
            long number => number != 0,
            _ => false,
        };

        public byte[] Bytes(string column) => Values.GetValueOrDefault(column) as byte[] ?? [];

        public DateTimeOffset? Instant(string column) => Values.GetValueOrDefault(column) switch
        {
            DateTimeOffset instant => instant,
            DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
            string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => instant,
            _ => null,
        };
    }
}
