using LoginPortal.EndToEnd.Looks;
using Xunit.Runner.InProc.SystemConsole;

namespace LoginPortal.EndToEnd;

/// <summary>
/// Runs the tests; or with <c>screens DIR [filter]</c> draws every page, and with <c>page-weight ADDRESS</c> weighs one, instead.
/// </summary>
internal static class EntryPoint
{
    private static Task<int> Main(string[] args) => args switch
    {
        ["screens", var folder] => Gallery.DrawAsync(folder, ""),
        ["screens", var folder, var filter] => Gallery.DrawAsync(folder, filter),
        ["page-weight", var address] => PageWeight.MeasureAsync(address),
        _ => ConsoleRunner.Run(args),
    };
}
