using System.Threading.RateLimiting;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Passwords;

/// <summary>
/// Hashes and compares passwords with ASP.NET Core Identity's hasher (PBKDF2-HMAC-SHA512), on at most one thread a core
/// and behind a bounded queue: a storm of sign-ins leaves threads for pages, and what does not fit is refused at once.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    private readonly IPasswordHasher<PortalUser> _hasher;
    private readonly int _iterations;
    private readonly PortalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _limiter;
    private readonly int _queueLimit;
    private readonly PortalUser _nobody = new();
    private readonly Lazy<string> _decoyHash;

    /// <summary>Makes the one instance of a process.</summary>
    public PasswordHashing(
        IPasswordHasher<PortalUser> hasher,
        IOptions<PasswordHashingOptions> options,
        IOptions<PasswordHasherOptions> parameters,
        PortalMetrics metrics,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(metrics);
        (_hasher, _iterations, _metrics, _time) = (hasher, parameters.Value.IterationCount, metrics, time);
        _queueLimit = options.Value.QueueLimit;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.MaximumConcurrency,
            QueueLimit = options.Value.QueueLimit,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        metrics.ObserveHashing(_limiter.GetStatistics, options.Value.MaximumConcurrency);
        _decoyHash = new Lazy<string>(() => hasher.HashPassword(_nobody, Data.Secret.Create()));
    }

    /// <summary>
    /// Whether one more would find a place: asked before anything is done for a sign-in that would be refused at its end. Where there is none,
    /// that is a refusal, and counted as one.
    /// </summary>
    public bool HasRoom()
    {
        if (_limiter.GetStatistics() is { CurrentAvailablePermits: <= 0 } now && now.CurrentQueuedCount >= _queueLimit)
        {
            _metrics.HashingRefused();
            return false;
        }

        return true;
    }

    /// <summary>
    /// Compares <paramref name="password"/> with <paramref name="hash"/>. Where there is nothing to compare (no such account,
    /// no password, no possible password) the same work is done on a decoy, so that the time tells nothing.
    /// </summary>
    /// <param name="hash">The stored hash; <see langword="null"/> compares with the decoy and fails.</param>
    /// <param name="password">What was typed.</param>
    /// <param name="cancellationToken">Leaves the queue; a comparison under way is finished.</param>
    public async Task<PasswordComparison> CompareAsync(string? hash, string? password, CancellationToken cancellationToken)
    {
        var possible = PasswordText.TryNormalize(password, out var normalized) && hash is not null;
        var result = await RunAsync<PasswordVerificationResult?>(
            () => Verify(possible ? hash! : _decoyHash.Value, normalized ?? "-", normalized is null ? "-" : password!),
            cancellationToken);

        return result switch
        {
            null => PasswordComparison.Busy,
            _ when !possible => PasswordComparison.Different,
            PasswordVerificationResult.Success => PasswordComparison.Same,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordComparison.SameButOutdated,
            _ => PasswordComparison.Different,
        };
    }

    /// <summary>Hashes a new password.</summary>
    /// <param name="password">The password, already in the form of <see cref="PasswordText"/>.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The hash with its salt and parameters; <see langword="null"/> if the queue is full.</returns>
    public Task<string?> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => _hasher.HashPassword(_nobody, password), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();

    /// <summary>
    /// Compares in NFC, and where that is not what was typed, as it was typed: hashes from elsewhere may have been made from that. Both are done
    /// whatever the hash is, and a hash that costs less than those made here has the difference done for nothing, so that the time tells nothing.
    /// </summary>
    private PasswordVerificationResult Verify(string hash, string normalized, string typed)
    {
        var result = _hasher.VerifyHashedPassword(_nobody, hash, normalized);
        if (result == PasswordVerificationResult.Failed && !string.Equals(typed, normalized, StringComparison.Ordinal))
        {
            result = _hasher.VerifyHashedPassword(_nobody, hash, typed);
            PasswordHash.SpendWorkMissing(hash, _iterations);
        }

        if (result == PasswordVerificationResult.Failed)
        {
            PasswordHash.SpendWorkMissing(hash, _iterations);
        }

        return result;
    }

    private async Task<T?> RunAsync<T>(Func<T?> work, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        using var permit = await _limiter.AcquireAsync(1, cancellationToken);
        if (!permit.IsAcquired)
        {
            _metrics.HashingRefused();
            return default;
        }

        var waited = _time.GetElapsedTime(asked);

        // A thread of its own: hashing on the pool's few threads would keep every page waiting.
        var result = await Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
        _metrics.Hashed(waited, _time.GetElapsedTime(asked) - waited);
        return result;
    }
}

/// <summary>What a comparison of passwords found.</summary>
public enum PasswordComparison
{
    /// <summary>Another password.</summary>
    Different = 0,

    /// <summary>The same password.</summary>
    Same = 1,

    /// <summary>The same password, hashed at a lower cost than today's: it should be hashed again.</summary>
    SameButOutdated = 2,

    /// <summary>Not compared: the queue is full.</summary>
    Busy = 3,
}

/// <summary>The section <c>PasswordHashing</c> of the configuration.</summary>
public sealed class PasswordHashingOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "PasswordHashing";

    /// <summary>PBKDF2-HMAC-SHA512 iterations, the OWASP minimum and upwards. Default 220,000.</summary>
    public int Iterations { get; set; } = MinimumIterations;

    /// <summary>The fewest iterations that a configuration may ask for.</summary>
    public const int MinimumIterations = 220_000;

    /// <summary>Passwords hashed at the same time. Default one a core.</summary>
    public int MaximumConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Passwords waiting beyond those; more are refused with a time to come back. Default 16 a core.</summary>
    public int QueueLimit { get; set; } = 16 * Environment.ProcessorCount;
}
