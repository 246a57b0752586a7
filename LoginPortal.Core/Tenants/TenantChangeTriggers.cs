using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Has PostgreSQL itself tell every node which tenant was changed, when the change is committed: so it holds for whoever changes a row, by
/// whatever statement. They are made with each run of <c>migrate</c>, over those that are there.
/// </summary>
internal static class TenantChangeTriggers
{
    /// <summary>The channel; what is sent on it is the tenant's identifier.</summary>
    public const string Channel = "loginportal_tenants";

    private const string Install =
        """
        CREATE OR REPLACE FUNCTION loginportal_tell_of_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP <> 'INSERT' THEN
            PERFORM pg_notify('loginportal_tenants', to_jsonb(OLD) ->> TG_ARGV[0]);
          END IF;
          IF TG_OP <> 'DELETE' THEN
            PERFORM pg_notify('loginportal_tenants', to_jsonb(NEW) ->> TG_ARGV[0]);
          END IF;
          RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER loginportal_tenant_changed AFTER UPDATE OR DELETE ON "Tenants"
          FOR EACH ROW EXECUTE FUNCTION loginportal_tell_of_tenant('Id');
        CREATE OR REPLACE TRIGGER loginportal_domain_changed AFTER INSERT OR UPDATE OR DELETE ON "TenantDomains"
          FOR EACH ROW EXECUTE FUNCTION loginportal_tell_of_tenant('TenantId');
        """;

    /// <summary>Makes them, on an engine that has such triggers; on another, nodes remember nothing, and say so when they start.</summary>
    public static async Task InstallAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        try
        {
            await database.Database.ExecuteSqlRawAsync(Install, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.SyntaxError
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject)
        {
            // It speaks PostgreSQL's protocol and is another engine.
        }
    }

    /// <summary>Whether both are there.</summary>
    public static async Task<bool> AreInstalledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_trigger WHERE tgname IN ('loginportal_tenant_changed', 'loginportal_domain_changed') AND tgenabled <> 'D'", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is 2L;
    }
}
