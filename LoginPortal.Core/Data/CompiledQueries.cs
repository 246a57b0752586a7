using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LoginPortal.Core.Data;

/// <summary>
/// Queries that every request or every sign-in asks, translated once: else their expressions are taken apart and looked up each time. A
/// compiled query belongs to the model that it was first used with, so there is one set of them for each.
/// </summary>
/// <typeparam name="T">The set: a class whose fields are made by <c>EF.CompileAsyncQuery</c>.</typeparam>
internal static class CompiledQueries<T>
    where T : class, new()
{
    private static readonly ConditionalWeakTable<IModel, T> Sets = [];

    /// <summary>The set for the engine behind <paramref name="database"/>.</summary>
    public static T For(PortalDbContext database) => Sets.GetValue(database.Model, _ => new T());
}
