using System.Text.Encodings.Web;
using LoginPortal.Samples.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOptions<PortalOptions>().BindConfiguration("LoginPortal");
builder.Services.AddHttpClient<PortalClient>();
builder.Services.AddSingleton<EndedSessions>();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
{
    cookie.Cookie.Name = "orders.session";

    // A session that ended at the portal is over here too, with the next request.
    cookie.Events.OnValidatePrincipal = async context =>
    {
        if (context.HttpContext.RequestServices.GetRequiredService<EndedSessions>().Contains(context.Principal?.FindFirst("sid")?.Value))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    };
});

var app = builder.Build();
app.UseAuthentication();
app.MapGet("/", (HttpContext context) => Html(context.User.Identity?.IsAuthenticated == true
    ? $"""
        <p id="who">{Encode(context.User.FindFirst("sub")?.Value)}</p>
        <p>Signed in as {Encode(context.User.FindFirst("email")?.Value)}.</p>
        <p><a href="/userinfo">Ask the portal who I am</a> · <a href="/refresh">Refresh the tokens</a> · <a href="/logout">Sign out</a></p>
        """
    : """<p id="who">nobody</p><p><a href="/login">Sign in with Acme</a></p>"""));
app.MapGet("/login", async (HttpContext context, PortalClient portal) => Results.Redirect(await portal.BeginAsync(context)));
app.MapGet("/signin-oidc", async (HttpContext context, PortalClient portal) =>
{
    await portal.FinishAsync(context);
    return Results.Redirect("/");
});
app.MapGet("/refresh", async (HttpContext context, PortalClient portal) =>
    Html($"""<p id="result">{(await portal.RefreshAsync(context) ? "refreshed" : "signed out")}</p>"""));
app.MapGet("/userinfo", async (HttpContext context, PortalClient portal) =>
    Html($"""<p id="result">{Encode(await portal.ReadEmailAsync(context))}</p>"""));
app.MapGet("/logout", async (HttpContext context, PortalClient portal) => Results.Redirect(await portal.SignOutAsync(context)));
app.MapPost("/backchannel-logout", async (HttpContext context, PortalClient portal) =>
    await portal.EndSessionAsync(context) ? Results.Ok() : Results.BadRequest());
await app.RunAsync();

static IResult Html(string body) => Results.Content(
    $"<!DOCTYPE html><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\"><title>Acme Orders</title><h1>Acme Orders</h1>{body}", "text/html");

static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
