using System.Data.Common;

namespace LoginPortal.Core.Data;

/// <summary>Tells a database that is away, which heals, from a bug, which does not.</summary>
public static class DatabaseFailure
{
    /// <summary>The HTTP status for <paramref name="exception"/>: 503 for a database that is away, else 500.</summary>
    public static int StatusOf(Exception exception) => Is(exception) ? 503 : 500;

    /// <summary>Whether <paramref name="exception"/> comes from the database.</summary>
    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        DbException => true,
        _ => Is(exception.InnerException),
    };
}
