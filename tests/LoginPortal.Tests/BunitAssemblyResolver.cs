using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace LoginPortal.Tests;

/// <summary>
/// Answers bUnit's request for its own version of AngleSharp.Diffing with the version beside the tests.
/// </summary>
/// <remarks>The runtime refuses an assembly older than the one asked for unless a resolver hands it over.</remarks>
internal static class BunitAssemblyResolver
{
    private const string Diffing = "AngleSharp.Diffing";

#pragma warning disable CA2255 // A test assembly has no earlier place: this must run before bUnit's first type loads.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        string.Equals(name.Name, Diffing, StringComparison.Ordinal)
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Diffing + ".dll"))
            : null;
}
