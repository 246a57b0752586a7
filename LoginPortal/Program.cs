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
    app.UsePortal();
    await app.Services.PrepareAsync(app.Environment);
    await app.StartAsync();
    await app.AnnounceAsync(Console.Out);
    await app.WaitForShutdownAsync();
});
