using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Benchmarks;

/// <summary>A sign-in, without its hash, among few people and many, and among few tenants and many. All four are measured in turn.</summary>
internal static class SizeBenchmark
{
    public static async Task RunAsync(BenchmarkOptions options)
    {
        var (many, manyTenants) = options.IsQuick ? (20_000, 500) : (1_000_000, 10_000);
        Console.WriteLine(Measurement.Text($"| engine | 1,000 people | {many:N0} people | ratio | 1 tenant | {manyTenants:N0} tenants | ratio |"));
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var small = await HouseAsync(provider, 1_000, 1);
            await using var large = await HouseAsync(provider, many, 1);
            await using var tenants = await HouseAsync(provider, 1_000, manyTenants);
            var samples = await Measurement.CompareAsync(options.Rounds(200), 2, small.SignInAsync, large.SignInAsync, tenants.SignInAsync);
            Console.WriteLine(
                $"| {provider} | {samples[0].Milliseconds()} | {samples[1].Milliseconds()} | {samples[1].Over(samples[0]).Ratio()} | {samples[0].Milliseconds()} | {samples[2].Milliseconds()} | {samples[2].Over(samples[0]).Ratio()} |");
        }
    }

    private static async Task<House> HouseAsync(DatabaseProvider provider, int people, int tenants)
    {
        var database = await TestDatabase.CreateAsync(provider);
        var host = SignInShare.CreateHost(database);
        var tenant = await host.CreateTenantAsync("bench");
        await host.CreateUserAsync(tenant, SignInShare.Address, SignInShare.Password);
        await using var scope = host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await MultiplyAsync(context, provider, "Tenants", tenants, ("Id", NewId(provider)), ("Slug", "'tenant-' || n"));
        await MultiplyAsync(
            context,
            provider,
            "Users",
            people,
            ("Id", NewId(provider)),
            ("UserName", "'somebody-' || n || '@bench.example'"),
            ("NormalizedUserName", "'SOMEBODY-' || n || '@BENCH.EXAMPLE'"),
            ("Email", "'somebody-' || n || '@bench.example'"),
            ("NormalizedEmail", "'SOMEBODY-' || n || '@BENCH.EXAMPLE'"));
        if (provider == DatabaseProvider.PostgreSql)
        {
            await context.Database.ExecuteSqlRawAsync("ANALYZE");
        }

        await SignInShare.StartListeningAsync(host);
        return new House(database, host, tenant);
    }

    private static string NewId(DatabaseProvider provider) => provider == DatabaseProvider.PostgreSql
        ? "gen_random_uuid()"
        : "upper(substr(hex(randomblob(16)), 1, 8) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6)))";

    /// <summary>Copies the one row of a table, with other values where they must differ.</summary>
    private static async Task MultiplyAsync(PortalDbContext context, DatabaseProvider provider, string table, int count, params (string Column, string Value)[] others)
    {
        var entity = context.Model.GetEntityTypes().Single(type => type.GetTableName() == table);
        var columns = entity.GetProperties().Select(property => property.GetColumnName()).ToList();
        var values = columns.Select(column => others.FirstOrDefault(other => other.Column == column).Value ?? $"t.\"{column}\"");
        var numbers = provider == DatabaseProvider.PostgreSql
            ? Measurement.Text($"generate_series(2, {count}) AS s(n)")
            : Measurement.Text($"(WITH RECURSIVE c(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c) AS s");
        if (count > 1)
        {
            // Made of the model's own names and of constants.
#pragma warning disable EF1002
            await context.Database.ExecuteSqlRawAsync(
                $"INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(column => $"\"{column}\""))}) SELECT {string.Join(", ", values)} FROM (SELECT * FROM \"{table}\" LIMIT 1) AS t, {numbers}");
#pragma warning restore EF1002
        }
    }

    private sealed class House(TestDatabase database, CoreHost host, TenantProfile tenant) : IAsyncDisposable
    {
        public Task SignInAsync() => SignInShare.SignInAsync(host, tenant, SignInShare.Address);

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
