using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Data;

/// <summary>Lets <c>dotnet ef</c> make migrations for SQLite. It never connects.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqlitePortalDbContext>
{
    public SqlitePortalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=design-time.db").WithIdentitySchema().Options);
}

/// <summary>Lets <c>dotnet ef</c> make migrations for PostgreSQL. It never connects.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlPortalDbContext>
{
    public PostgreSqlPortalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlPortalDbContext>().UseNpgsql("Host=design-time").WithIdentitySchema().Options);
}

internal static class DesignTimeSchema
{
    /// <summary>Identity reads the version of its schema from the application's services; this gives it the portal's.</summary>
    public static DbContextOptionsBuilder<TContext> WithIdentitySchema<TContext>(this DbContextOptionsBuilder<TContext> options)
        where TContext : PortalDbContext => options.UseApplicationServiceProvider(new ServiceCollection()
            .Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version2)
            .BuildServiceProvider());
}
