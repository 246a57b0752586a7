using LoginPortal.Commands;
using LoginPortal.Core.Setup;
using LoginPortal.Hosting;

if (PortalCommands.Knows(args))
{
    return await PortalCommands.RunAsync(args, Console.Out, Console.Error);
}

return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddLoginPortalCore();
    builder.AddPortal();

    await using var app = builder.Build();

    // The database is looked at while the pages are put together: each takes a good part of a start.
    var prepared = Task.Run(() => app.Services.PrepareAsync(app.Environment));
    app.UsePortal();
    await prepared;
    await app.StartAsync();
    await app.AnnounceAsync(Console.Out);
    await app.WaitForShutdownAsync();
});
