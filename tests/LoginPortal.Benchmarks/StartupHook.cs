using System.Globalization;

/// <summary>
/// Loaded into a server that is measured (DOTNET_STARTUP_HOOKS): answers each line on its standard input with the bytes that its live objects
/// take, after everything that is free has been collected.
/// </summary>
// The runtime looks for it by this very name, outside any namespace.
#pragma warning disable MA0047
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize() => new Thread(Answer) { IsBackground = true }.Start();

    private static void Answer()
    {
        while (Console.In.ReadLine() is not null)
        {
            for (var round = 0; round < 3; round++)
            {
                GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            Console.Out.WriteLine("LIVE " + GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
        }
    }
}
