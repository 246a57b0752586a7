using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LoginPortal.Core.Data;

/// <summary>What the engines' errors mean.</summary>
internal static class DatabaseErrors
{
    /// <summary>SQLITE_CONSTRAINT_UNIQUE.</summary>
    private const int SqliteUnique = 2067;

    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    private const int SqlitePrimaryKey = 1555;

    /// <summary>Whether a row was refused because another has the same value where only one may.</summary>
    public static bool IsUniqueViolation(this Exception exception) =>
        (exception is DbUpdateException ? exception.InnerException : exception) is SqliteException { SqliteExtendedErrorCode: SqliteUnique or SqlitePrimaryKey }
            or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
