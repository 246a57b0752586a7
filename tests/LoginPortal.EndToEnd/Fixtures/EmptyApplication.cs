using System.Net;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>An application that does nothing with what it is told: the demo one of somebody else, at a port of its own.</summary>
public sealed class EmptyApplication : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private Task _answering = Task.CompletedTask;

    private EmptyApplication(int port)
    {
        Address = $"http://localhost:{port}/";
        _listener.Prefixes.Add(Address);
    }

    public string Address { get; }

    /// <summary>Where it sends people to sign in, below the portal.</summary>
    public string RequestFor(string scope) =>
        $"/t/acme/connect/authorize?client_id={DemoApplications.SinglePage}&redirect_uri={Uri.EscapeDataString(Address)}&response_type=code&state=s"
        + $"&scope={Uri.EscapeDataString(scope)}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    public static async Task<EmptyApplication> StartAsync(Portal portal)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var application = new EmptyApplication(ApplicationProcess.FreePort());
        await portal.ChangeAsync("acme", async (database, _) =>
            (await database.OpenIdClients.SingleAsync(client => client.ClientId == DemoApplications.SinglePage)).RedirectUris = [application.Address]);
        application._listener.Start();
        application._answering = application.AnswerAsync();
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _answering;
        _listener.Close();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "text/html";
                await context.Response.OutputStream.WriteAsync("<!DOCTYPE html><link rel=icon href=data:,><p id=who>Notes</p>"u8.ToArray());
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
