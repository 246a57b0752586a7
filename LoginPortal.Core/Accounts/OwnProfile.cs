using System.Linq.Expressions;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>What a signed-in person of the current tenant sees and changes of their own account and sessions.</summary>
public sealed class OwnProfile(
    PortalDbContext database, SessionService sessions, TenantContext tenant, SecurityEventWriter events, AccountNotices notices, TimeProvider time)
{
    /// <summary>Changes what is not <see langword="null"/>. It is noted, and told by mail, if anything is different then.</summary>
    /// <returns>What is wrong; nothing has changed if there is anything.</returns>
    public async Task<IReadOnlyList<FieldProblem>> ChangeAsync(Guid userId, ProfileChange change, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var profile = tenant.Required;
        List<FieldProblem> problems = [.. Check(change, profile.Policy)];
        if (problems.Count > 0)
        {
            return problems;
        }

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var user = await database.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        user.GivenName = change.GivenName?.Trim() ?? user.GivenName;
        user.FamilyName = change.FamilyName?.Trim() ?? user.FamilyName;
        user.Language = change.Language is null ? user.Language : NullIfEmpty(change.Language);
        user.TimeZone = change.TimeZone is null ? user.TimeZone : NullIfEmpty(change.TimeZone);
        if (change.CustomFields is { } fields && Merge(user, fields, profile.Policy) is { } merged)
        {
            user.CustomFields = merged;
        }

        if (database.Entry(user).State == EntityState.Modified)
        {
            events.Record(
                database, profile.Id, SecurityEventKind.ProfileChanged, SecurityEventOutcome.Success, facts, subjectId: userId, actorId: userId);
            await notices.AddAsync(database, profile, user, new MailDraft("ProfileChanged") { Link = "account/profile", Language = facts.Language }, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [];
    }

    /// <summary>What is wrong with names that may be left out; <see langword="null"/> is none, and can.</summary>
    internal static IReadOnlyList<FieldProblem> ProblemsOf(string? givenName, string? familyName) =>
    [
        .. new[]
        {
            RegistrationRules.CheckText("given-name", givenName, FieldRequirement.Optional, RegistrationRules.MaximumNameLength),
            RegistrationRules.CheckText("family-name", familyName, FieldRequirement.Optional, RegistrationRules.MaximumNameLength),
        }.OfType<FieldProblem>(),
    ];

    /// <summary>The person's live sessions, the last used first.</summary>
    public async Task<IReadOnlyList<Session>> ListSessionsAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var live = await database.Sessions.AsNoTracking()
            .Where(s => s.UserId == userId && s.ExpiresAt > now && s.EndedAt == null && s.TokenHash != null)
            .OrderByDescending(s => s.LastSeenAt)
            .ToListAsync(cancellationToken);
        return [.. live.Where(s => s.LastSeenAt.AddSeconds(s.IdleSeconds) > now)];
    }

    /// <summary>Ends one of the person's sessions.</summary>
    /// <returns>How many that were; 0 if they have no such session.</returns>
    public Task<int> EndSessionAsync(Guid userId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) =>
        EndAsync(userId, session => session.UserId == userId && session.Id == sessionId, facts, cancellationToken);

    /// <summary>Ends all of the person's sessions but one.</summary>
    public Task<int> EndOtherSessionsAsync(Guid userId, Guid keptId, RequestFacts facts, CancellationToken cancellationToken) =>
        EndAsync(userId, session => session.UserId == userId && session.Id != keptId, facts, cancellationToken);

    private async Task<int> EndAsync(
        Guid userId, Expression<Func<Session, bool>> which, RequestFacts facts, CancellationToken cancellationToken)
    {
        var ids = await database.Sessions.Where(which).Where(s => s.EndedAt == null).Select(s => s.Id).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            await sessions.EndAsync(id, SessionEndReason.SignedOut, facts, cancellationToken);
        }

        if (ids.Count > 0 && await database.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellationToken) is { } user)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var draft = new MailDraft("SessionsEnded") { Link = "account/devices", Language = facts.Language };
            await notices.AddAsync(database, tenant.Required, user, draft, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return ids.Count;
    }

    private static IEnumerable<FieldProblem> Check(ProfileChange change, TenantPolicy policy)
    {
        var names = policy.Registration.Names == FieldRequirement.Required ? FieldRequirement.Required : FieldRequirement.Optional;
        IEnumerable<FieldProblem?> found =
        [
            change.GivenName is null ? null : RegistrationRules.CheckText("given-name", change.GivenName, names, RegistrationRules.MaximumNameLength),
            change.FamilyName is null ? null : RegistrationRules.CheckText("family-name", change.FamilyName, names, RegistrationRules.MaximumNameLength),
            change.Language is { Length: > 0 } language && !TextCatalog.Languages.Contains(language) ? new FieldProblem("language", FieldProblemKind.Invalid) : null,
            change.TimeZone is { Length: > 0 } zone && !TimeZones.IsKnown(zone) ? new FieldProblem("time-zone", FieldProblemKind.Invalid) : null,
            .. change.CustomFields is { } fields
                ? policy.CustomFields.Select(field => RegistrationRules.CheckCustom(field, fields.GetValueOrDefault(field.Key)))
                : [],
        ];
        return found.OfType<FieldProblem>();
    }

    /// <summary>The values of the fields that there are, and of those that were asked for once; <see langword="null"/> if nothing is different.</summary>
    private static Dictionary<string, string>? Merge(PortalUser user, IReadOnlyDictionary<string, string?> typed, TenantPolicy policy)
    {
        var merged = new Dictionary<string, string>(user.CustomFields, StringComparer.Ordinal);
        foreach (var field in policy.CustomFields)
        {
            if (typed.GetValueOrDefault(field.Key)?.Trim() is { Length: > 0 } value)
            {
                merged[field.Key] = value;
            }
            else
            {
                merged.Remove(field.Key);
            }
        }

        return merged.Count == user.CustomFields.Count && merged.All(pair => user.CustomFields.GetValueOrDefault(pair.Key) == pair.Value) ? null : merged;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

/// <summary>What a person changes of their profile; what is <see langword="null"/> stays, and what is empty is taken away.</summary>
public sealed record ProfileChange
{
    /// <summary>Given name.</summary>
    public string? GivenName { get; init; }

    /// <summary>Family name.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Language, as a culture name.</summary>
    public string? Language { get; init; }

    /// <summary>Time zone, an identifier of the IANA database.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The values of all of the tenant's <see cref="TenantPolicy.CustomFields"/>, by their keys.</summary>
    public IReadOnlyDictionary<string, string?>? CustomFields { get; init; }
}
