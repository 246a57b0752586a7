using LoginPortal.Api.Http;
using LoginPortal.Core.Setup;

return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddLoginPortalCore();
    builder.AddApi();

    await using var app = builder.Build();
    app.UseApi();
    await app.Services.PrepareAsync(app.Environment);
    await app.RunAsync();
});
