using System.Data.Common;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LoginPortal.Core.Tests.Administration;

/// <summary>How a database answers a statement.</summary>
    internal sealed record Plan(string Statement, string Text)
    {
        /// <summary>Whether it reads a table from end to end, or sorts more than what happened in the same moment.</summary>
        public bool Reads(DatabaseProvider provider) => provider == DatabaseProvider.Sqlite
            ? Text.Split('\n').Any(line => line.StartsWith("SCAN ", StringComparison.Ordinal) || line.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal))
            : Text.Contains("Seq Scan on \"Users\"", StringComparison.Ordinal) || Text.Contains("Seq Scan on \"SecurityEvents\"", StringComparison.Ordinal)
                || Text.Split('\n').Any(line => line.TrimStart(' ', '-', '>').StartsWith("Sort  (", StringComparison.Ordinal) && !line.Contains("rows=1 ", StringComparison.Ordinal));
    }

    /// <summary>Asks the database how it will answer each statement that looks for people or events, with the values that it is asked with.</summary>
    internal sealed class PlanRecorder(DatabaseProvider provider) : DbCommandInterceptor
    {
        public List<Plan> Found { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("ORDER BY", StringComparison.Ordinal)
                && (command.CommandText.Contains("\"Users\"", StringComparison.Ordinal) || command.CommandText.Contains("\"SecurityEvents\"", StringComparison.Ordinal)))
            {
                await using var explain = command.Connection!.CreateCommand();
                explain.Transaction = command.Transaction;

                // The statement is EF Core's own.
#pragma warning disable CA2100
                explain.CommandText = (provider == DatabaseProvider.Sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + command.CommandText;
#pragma warning restore CA2100
                foreach (var parameter in command.Parameters.OfType<ICloneable>())
                {
                    explain.Parameters.Add(parameter.Clone());
                }

                foreach (var parameter in command.Parameters.OfType<Microsoft.Data.Sqlite.SqliteParameter>())
                {
                    explain.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter(parameter.ParameterName, parameter.Value));
                }

                await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
                var lines = new List<string>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    lines.Add(reader.GetString(provider == DatabaseProvider.Sqlite ? 3 : 0));
                }

                Found.Add(new Plan(command.CommandText, string.Join('\n', lines)));
            }

            return result;
        }
    }
