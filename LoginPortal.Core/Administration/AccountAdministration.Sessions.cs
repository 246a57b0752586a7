using LoginPortal.Core.Audit;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Sessions;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>Where people are signed in.</summary>
public sealed partial class AccountAdministration
{
    /// <summary>Ends every session of a person, API keys included.</summary>
    public Task<AdministrationResult<AccountResult>> EndSessionsAsync(
        AdministratorSession session, Guid userId, CancellationToken cancellationToken) => ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                // Before the sessions: a sign-in under way locks the same row, and finds another stamp.
                await work.UpdateAsync(u => u.SetProperty(x => x.DisabledAt, x => x.DisabledAt), cancellation);
                var ended = await SessionService.EndAllAsync(
                    work.Database, userId, SessionEndReason.Administrator, time.GetUtcNow(), cancellation);
                if (ended > 0)
                {
                    work.Administrator.Record(SecurityEventKind.SessionEnded, userId, reason: SessionEndReason.Administrator);
                    await TellAsync(work, "SessionsEndedByAdministrator", cancellation);
                }

                return null;
            },
            cancellationToken,
            isOwnAllowed: true);

    /// <summary>Ends one session of a person. One that is over already, or is somebody else's, changes nothing.</summary>
    public Task<AdministrationResult<AccountResult>> EndSessionAsync(
        AdministratorSession session, Guid userId, Guid endedId, CancellationToken cancellationToken) => ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                var now = time.GetUtcNow();
                var ended = await work.Database.Sessions
                    .Where(s => s.Id == endedId && s.UserId == userId && s.EndedAt == null)
                    .ExecuteUpdateAsync(
                        update => update
                            .SetProperty(s => s.EndedAt, now)
                            .SetProperty(s => s.EndReason, SessionEndReason.Administrator)
                            .SetProperty(s => s.TokenHash, (string?)null),
                        cancellation);
                if (ended > 0)
                {
                    await SessionGrants.NoteEndAsync(work.Database, endedId, now, cancellation);
                    work.Administrator.Record(SecurityEventKind.SessionEnded, userId, reason: SessionEndReason.Administrator);
                    await TellAsync(work, "SessionEndedByAdministrator", cancellation);
                }

                return null;
            },
            cancellationToken,
            isOwnAllowed: true);
}
