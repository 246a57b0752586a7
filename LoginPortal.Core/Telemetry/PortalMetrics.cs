using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using LoginPortal.Core.SignIn;

namespace LoginPortal.Core.Telemetry;

/// <summary>
/// What the portal counts and measures, as the meter <see cref="MeterName"/>. Nothing of it names a person: tenants are named by their slug, and
/// only the first <see cref="MaximumTenants"/> that a node sees, so that a platform of thousands does not flood whoever stores the numbers.
/// </summary>
public sealed class PortalMetrics
{
    /// <summary>The name of the meter, and of the portal's own traces.</summary>
    public const string MeterName = "LoginPortal";

    /// <summary>How many tenants a node names; those beyond are counted together as <see cref="OtherTenants"/>.</summary>
    public const int MaximumTenants = 100;

    /// <summary>The value of <c>tenant</c> for tenants beyond <see cref="MaximumTenants"/>.</summary>
    public const string OtherTenants = "other";

    private readonly ConcurrentDictionary<string, string> _tenants = new(StringComparer.Ordinal);
    private readonly Counter<long> _signIns;
    private readonly Counter<long> _hashingRefused;
    private readonly Histogram<double> _hashingDuration;
    private readonly Histogram<double> _hashingWait;
    private readonly Counter<long> _mails;
    private readonly Histogram<double> _mailDuration;
    private readonly Counter<long> _circuitsRefused;
    private readonly Histogram<double> _databaseCommands;

    /// <summary>Makes the one instance of a process.</summary>
    public PortalMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Meter = factory.Create(MeterName);
        _signIns = Meter.CreateCounter<long>("loginportal.sign_ins", "{sign_in}", "Sign-ins that were completed, refused, throttled or turned away, by tenant and method.");
        _hashingRefused = Meter.CreateCounter<long>("loginportal.password_hashing.refused", "{password}", "Passwords turned away because the queue was full.");
        _hashingDuration = Meter.CreateHistogram<double>("loginportal.password_hashing.duration", "s", "How long a password was hashed.");
        _hashingWait = Meter.CreateHistogram<double>("loginportal.password_hashing.wait", "s", "How long a password waited to be hashed.");
        _mails = Meter.CreateCounter<long>("loginportal.outbox.mails", "{mail}", "Tries to send a mail, by outcome: sent, postponed, parked.");
        _mailDuration = Meter.CreateHistogram<double>("loginportal.outbox.send.duration", "s", "How long a try to send a mail took.");
        _circuitsRefused = Meter.CreateCounter<long>("loginportal.circuits.refused", "{circuit}", "Circuits refused because there was no room.");
        _databaseCommands = Meter.CreateHistogram<double>("loginportal.database.command.duration", "s", "How long the database took over a command, by outcome.");
        Source = new ActivitySource(MeterName);
    }

    /// <summary>Where instruments that are observed are made, by whatever they observe.</summary>
    public Meter Meter { get; }

    /// <summary>The portal's own traces.</summary>
    public ActivitySource Source { get; }

    /// <summary>Whether anybody measures commands of the database.</summary>
    public bool MeasuresDatabase => _databaseCommands.Enabled;

    /// <summary>A sign-in came to its end.</summary>
    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="methods">How the person proved who they are (RFC 8176).</param>
    public void SignInCompleted(string tenant, IEnumerable<string> methods) =>
        CountSignIn(tenant, string.Join('+', methods.Order(StringComparer.Ordinal)), "completed");

    /// <summary>A step of a sign-in that proves something was not accepted; steps that prove nothing are not counted.</summary>
    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="step">The step.</param>
    /// <param name="code">Why.</param>
    public void SignInRefused(string tenant, ISignInStep step, RejectionCode code)
    {
        ArgumentNullException.ThrowIfNull(step);
        var method = step.Step == SignInStep.VerifyPasskey ? "passkey" : step.CountedFactor;
        if (method is not null)
        {
            CountSignIn(tenant, method, code switch
            {
                RejectionCode.TooManyAttempts => "throttled",
                RejectionCode.Busy => "busy",
                _ => "refused",
            });
        }
    }

    /// <summary>Shows how much of a queue for hashing is taken.</summary>
    /// <param name="statistics">Reads the queue.</param>
    /// <param name="permits">How many are hashed at the same time at most.</param>
    internal void ObserveHashing(Func<RateLimiterStatistics?> statistics, int permits)
    {
        Meter.CreateObservableGauge(
            "loginportal.password_hashing.queue.length", () => statistics()?.CurrentQueuedCount ?? 0, "{password}", "Passwords that wait to be hashed.");
        Meter.CreateObservableGauge(
            "loginportal.password_hashing.running", () => permits - (statistics()?.CurrentAvailablePermits ?? permits), "{password}", "Passwords being hashed.");
    }

    internal void HashingRefused() => _hashingRefused.Add(1);

    internal void Hashed(TimeSpan waited, TimeSpan duration)
    {
        _hashingWait.Record(waited.TotalSeconds);
        _hashingDuration.Record(duration.TotalSeconds);
    }

    /// <summary>A try to send a mail came to its end.</summary>
    /// <param name="outcome"><c>sent</c>, <c>postponed</c> or <c>parked</c>.</param>
    /// <param name="duration">How long it took.</param>
    internal void MailTried(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        _mails.Add(1, tag);
        _mailDuration.Record(duration.TotalSeconds, tag);
    }

    /// <summary>Shows how many circuits there are.</summary>
    /// <param name="count">Counts them.</param>
    public void ObserveCircuits(Func<int> count) =>
        Meter.CreateObservableGauge("loginportal.circuits", count, "{circuit}", "Circuits that are connected.");

    /// <summary>A circuit was refused because there was no room.</summary>
    public void CircuitRefused() => _circuitsRefused.Add(1);

    internal void DatabaseCommand(TimeSpan duration, bool failed) =>
        _databaseCommands.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "done"));

    private void CountSignIn(string tenant, string method, string outcome)
    {
        if (_signIns.Enabled)
        {
            _signIns.Add(1, new("tenant", LabelOf(tenant)), new("method", method), new("outcome", outcome));
        }
    }

    private string LabelOf(string tenant) =>
        _tenants.TryGetValue(tenant, out var label) ? label
            : _tenants.Count < MaximumTenants ? _tenants.GetOrAdd(tenant, tenant)
            : OtherTenants;
}
