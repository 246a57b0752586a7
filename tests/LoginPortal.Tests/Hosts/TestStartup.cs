using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Hosts;

/// <summary>What a test adds around the portal's own pipeline.</summary>
internal sealed class TestStartup : IStartupFilter
{
    /// <summary>Any path that ends so fails in the middle of the pipeline.</summary>
    public const string FailingPath = "/test/fails";

    /// <summary>What a failure says: nobody but the log may hear it.</summary>
    public const string SecretWords = "hunter2 is the password of the database";

    /// <summary>The network address that a request pretends to come from.</summary>
    public const string PeerHeader = "X-Test-Peer";

    public static void AddTo(IServiceCollection services) => services.AddTransient<IStartupFilter, TestStartup>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (context.Request.Headers[PeerHeader].ToString() is { Length: > 0 } peer)
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            }

            return following(context);
        });
        next(app);

        // Reached where no endpoint answers, inside everything that the portal has put around its endpoints.
        app.Use((context, following) => context.Request.Path == FailingPath
            ? throw new InvalidOperationException(SecretWords)
            : following(context));
    };
}
