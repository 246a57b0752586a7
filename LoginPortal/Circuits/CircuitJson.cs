using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.JSInterop;

namespace LoginPortal.Circuits;

/// <summary>
/// How a circuit writes JSON for scripts. The framework gives each circuit options of its own, which describe each type that they meet, and for a
/// number among the arguments of a call also each interface that a number has: sixty descriptions, which were a third of what a circuit keeps in memory.
/// </summary>
internal static class CircuitJson
{
    private static readonly ConcreteTypes Resolver = new();

    /// <summary>Gives the framework's script runtime options that describe what is written, and no more.</summary>
    public static IServiceCollection AddCircuitJson(this IServiceCollection services)
    {
        var framework = services.Last(service => service.ServiceType == typeof(IJSRuntime)).ImplementationType
            ?? throw new InvalidOperationException("The framework's script runtime is not made from a type any longer.");
        var create = ActivatorUtilities.CreateFactory(framework, []);
        return services.Replace(ServiceDescriptor.Scoped(provider =>
        {
            var runtime = (IJSRuntime)create(provider, arguments: null);
            if (runtime is JSRuntime circuit)
            {
                OptionsOf(circuit).TypeInfoResolver = Resolver;
            }

            return runtime;
        }));
    }

    /// <summary>The options, which the framework shows to runtimes that derive from its own.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_JsonSerializerOptions")]
    internal static extern JsonSerializerOptions OptionsOf(JSRuntime runtime);

    /// <summary>
    /// Everything but the interfaces of the runtime that are no collections, such as IFormattable. They are asked for only to learn whether one of them
    /// declares derived types, and none does. What is declared as one of them cannot be written.
    /// </summary>
    private sealed class ConcreteTypes : IJsonTypeInfoResolver
    {
        private readonly DefaultJsonTypeInfoResolver _all = new();

        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            type.IsInterface && type.Assembly == typeof(object).Assembly && !typeof(IEnumerable).IsAssignableFrom(type) ? null : _all.GetTypeInfo(type, options);
    }
}
