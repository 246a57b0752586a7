using LoginPortal.Core.Administration;

namespace LoginPortal.Components.Administration.Activity;

/// <summary>One thing that is counted by day.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Count">How often it happened on a day.</param>
/// <param name="Color">The colour that it is drawn in, of CSS.</param>
public sealed record DaySeries(string Name, Func<DayCounts, int> Count, string Color);
