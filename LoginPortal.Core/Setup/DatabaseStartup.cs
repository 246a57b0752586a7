using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Setup;

/// <summary>Brings the schema up to date, or says that it is not.</summary>
public sealed class DatabaseStartup(PortalDbContext database)
{
    /// <summary>Applies every migration that has not been applied. Of several nodes one does it, the others wait.</summary>
    /// <returns>The names of those that were applied.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> pending = [.. await database.Database.GetPendingMigrationsAsync(cancellationToken)];
        await database.Database.MigrateAsync(cancellationToken);
        return pending;
    }

    /// <summary>Refuses to go on with an outdated schema.</summary>
    /// <exception cref="StartupException">Migrations are missing; the message says how to apply them.</exception>
    public async Task RequireCurrentSchemaAsync(CancellationToken cancellationToken)
    {
        var pending = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            throw new StartupException(
                $"The database lacks {pending.Count} migration(s), the first being {pending[0]}. "
                + "Take a backup, run 'dotnet LoginPortal.dll migrate', then start again.");
        }
    }
}

/// <summary>Why a host cannot start, in words for the person who starts it.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public StartupException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">What it came from.</param>
    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one without words.</summary>
    public StartupException()
    {
    }
}
