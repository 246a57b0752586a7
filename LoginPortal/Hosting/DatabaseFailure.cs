using System.Data.Common;

namespace LoginPortal.Hosting;

/// <summary>Tells a database that is away, which heals, from a bug, which does not.</summary>
internal static class DatabaseFailure
{
    public static int StatusOf(Exception exception) =>
        Is(exception) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;

    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        DbException => true,
        _ => Is(exception.InnerException),
    };
}
