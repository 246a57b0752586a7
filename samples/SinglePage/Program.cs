var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/settings.json", (IConfiguration configuration) => Results.Json(new
{
    authority = configuration["LoginPortal:Authority"],
    clientId = configuration["LoginPortal:ClientId"],
}));
await app.RunAsync();
