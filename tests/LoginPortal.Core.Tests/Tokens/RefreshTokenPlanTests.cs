using System.Text.RegularExpressions;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tokens;
using LoginPortal.Testing;
using Npgsql;

namespace LoginPortal.Core.Tests.Tokens;

/// <summary>
/// What PostgreSQL knows of a young table are guesses. From them it must not come to look at every account, as it did while the account was joined.
/// </summary>
public sealed class RefreshTokenPlanTests
{
    private static readonly Regex Parameter = new("@[a-z]+", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Exchange_InTablesThatNobodyHasAnalyzed_GoesFromTheHandleByIndexes()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await RunAsync("SET plan_cache_mode = force_generic_plan");
        foreach (var statement in RefreshTokenExchange.StatementsWhere().Split(';'))
        {
            var names = Parameter.Matches(statement).Select(parameter => parameter.Value).Distinct(StringComparer.Ordinal).ToList();
            var numbered = Parameter.Replace(statement, parameter => $"${names.IndexOf(parameter.Value) + 1}");
            await RunAsync($"PREPARE asked AS {numbered}");

            var plan = string.Join('\n', await RunAsync($"EXPLAIN EXECUTE asked({string.Join(", ", names.Select(_ => "NULL"))})"));

            Assert.Contains("IX_RefreshTokens_HandleHash", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
            await RunAsync("DEALLOCATE asked");
        }

        async Task<List<string>> RunAsync(string sql)
        {
#pragma warning disable CA2100 // The product's own statements.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var lines = new List<string>();
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                lines.Add(reader.GetString(0));
            }

            return lines;
        }
    }
}
