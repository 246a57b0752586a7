using LoginPortal.Core.Setup;
using LoginPortal.Hosting;

return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddLoginPortalCore();
    builder.AddPortal();

    await using var app = builder.Build();
    app.UsePortal();
    if (args is ["migrate", ..])
    {
        await app.Services.MigrateAsync(Console.Out);
        return;
    }

    await app.Services.PrepareAsync(app.Environment);
    await app.StartAsync();
    await app.AnnounceAsync(Console.Out);
    await app.WaitForShutdownAsync();
});
