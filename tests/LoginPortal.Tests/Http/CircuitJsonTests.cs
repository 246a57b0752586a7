using System.Text.Json;
using LoginPortal.Circuits;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace LoginPortal.Tests.Http;

/// <summary>What circuits write for scripts, and what they keep in order to write it.</summary>
public sealed class CircuitJsonTests(PortalFixture fixture) : PortalTests, IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Arguments_OfEveryKind_AreWrittenAsTheFrameworkDoes()
    {
        await using var scope = fixture.Portal.Services.CreateAsyncScope();
        object?[] arguments =
            [1, 2.5m, "é", null, true, DayOfWeek.Friday, new DateOnly(2026, 1, 2), new[] { 3 }, new Dictionary<string, object?>(StringComparer.Ordinal) { ["a"] = 4 }, new Told([5], 6)];

        var written = JsonSerializer.Serialize(arguments, OptionsIn(scope));

        Assert.Equal(JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web), written);
    }

    [Fact]
    public async Task Number_Written_DescribesNoInterfaceOfNumbers()
    {
        await using var scope = fixture.Portal.Services.CreateAsyncScope();
        var options = OptionsIn(scope);

        JsonSerializer.Serialize(new object[] { 1 }, options);

        Assert.True(options.TryGetTypeInfo(typeof(int), out _));
        Assert.All(typeof(int).GetInterfaces(), type => Assert.False(options.TryGetTypeInfo(type, out _), type.ToString()));
    }

    private static JsonSerializerOptions OptionsIn(AsyncServiceScope scope) =>
        CircuitJson.OptionsOf(Assert.IsType<JSRuntime>(scope.ServiceProvider.GetRequiredService<IJSRuntime>(), exactMatch: false));

    private sealed record Told(IReadOnlyList<int> Numbers, object Number);
}
