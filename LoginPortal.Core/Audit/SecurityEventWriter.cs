using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Audit;

/// <summary>The one writer of security events: a row in the caller's transaction and a log line with the same facts.</summary>
public sealed partial class SecurityEventWriter(TimeProvider time, ILogger<SecurityEventWriter> logger)
{
    /// <summary>
    /// Adds the event to <paramref name="database"/>, to be saved with the change that it tells of, and logs it.
    /// </summary>
    /// <param name="database">The context whose next save stores the row.</param>
    /// <param name="tenantId">The tenant it happened in.</param>
    /// <param name="kind">One of <see cref="SecurityEventKind"/>.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="facts">Where it came from.</param>
    /// <param name="subjectId">Whose account, where one is known.</param>
    /// <param name="actorId">Who did it, where somebody had proved to be somebody.</param>
    /// <param name="sessionId">The session it belongs to.</param>
    /// <param name="reason">A stable code; never a secret.</param>
    /// <param name="differences">What was changed; it goes into the row, not into the log.</param>
    public void Record(
        PortalDbContext database,
        Guid tenantId,
        string kind,
        SecurityEventOutcome outcome,
        RequestFacts facts,
        Guid? subjectId = null,
        Guid? actorId = null,
        Guid? sessionId = null,
        string? reason = null,
        IReadOnlyList<AuditDifference>? differences = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(facts);
        var now = time.GetUtcNow();
        database.SecurityEvents.Add(new SecurityEvent
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            OccurredAt = now,
            Kind = kind,
            Outcome = outcome,
            SubjectId = subjectId,
            ActorId = actorId,
            SessionId = sessionId,
            IpAddress = facts.IpAddress,
            Reason = reason,
            Differences = differences is { Count: > 0 } ? differences : null,
        });
        LogEvent(logger, kind, outcome, tenantId, subjectId, actorId, sessionId, facts.IpAddress, reason);
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "Security event {Kind} {Outcome} tenant={TenantId} subject={SubjectId} actor={ActorId} session={SessionId} ip={IpAddress} reason={Reason}")]
    private static partial void LogEvent(
        ILogger logger,
        string kind,
        SecurityEventOutcome outcome,
        Guid tenantId,
        Guid? subjectId,
        Guid? actorId,
        Guid? sessionId,
        string? ipAddress,
        string? reason);
}
