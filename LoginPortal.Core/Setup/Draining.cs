using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>Whether this node is on its way out: it still serves, and asks load balancers to send nobody new.</summary>
public sealed class DrainState
{
    private volatile bool _isDraining;

    /// <summary>Whether the node is on its way out.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>From now on it is.</summary>
    public void Begin() => _isDraining = true;
}

/// <summary>
/// Stops the process as a node of several should be stopped: asked to end, it first answers <c>/health/ready</c> with 503 and serves on for
/// <see cref="PortalOptions.DrainDelay"/>, so that the load balancer has turned away by then; only then circuits are closed, requests under way
/// finished (hashing included) and the outbox left. Asked a second time, it does not wait.
/// </summary>
internal sealed partial class DrainingLifetime(
    DrainState drain, IHostApplicationLifetime application, IOptions<PortalOptions> options, TimeProvider time, ILogger<DrainingLifetime> logger)
    : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.AddRange(
            new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)));
        application.ApplicationStopping.Register(drain.Begin);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>What a signal does.</summary>
    internal async Task EndAsync()
    {
        var delay = options.Value.DrainDelay;
        if (!drain.IsDraining && delay > TimeSpan.Zero)
        {
            drain.Begin();
            LogDraining(logger, delay);
            await Task.Delay(delay, time);
        }

        application.StopApplication();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = EndAsync();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Asked to end: not ready any longer, and serving on for {Delay}.")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}
