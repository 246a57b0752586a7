using System.Globalization;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>A portal whose circuits ask each second whether their session still is.</summary>
public sealed class QuicklyCheckedPortal : Portal
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Portal:SessionCheckInterval"] = "00:00:01" };
}

/// <summary>A portal that has no room for any circuit.</summary>
public sealed class FullPortal : Portal
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Portal:MaximumCircuits"] = 0.ToString(CultureInfo.InvariantCulture) };
}

/// <summary>A portal that is being worked on.</summary>
public sealed class MaintainedPortal : Portal
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Portal:Maintenance"] = bool.TrueString };
}
