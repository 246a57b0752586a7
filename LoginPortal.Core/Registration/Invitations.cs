using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Registration;

/// <summary>
/// Accounts for people whom an administrator invites, at tenants that are open and at those that are closed. Whoever follows the link has the
/// mailbox, so the address counts as confirmed. Each call works in a scope of its own, because a circuit lives longer than a database context may.
/// </summary>
public sealed class Invitations(
    IServiceScopeFactory scopes, RegistrationRules rules, PasswordHashing hashing, Outbox outbox, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How long an invitation can be accepted.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const string Purpose = OneTimeLinkPurpose.Invitation;

    /// <summary>Invites somebody, in place of an earlier invitation. That <paramref name="invitedBy"/> may do so is for the caller to see to.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="invitedBy">Who invites; <see langword="null"/> for the portal's operator at the console.</param>
    /// <param name="address">Who is invited.</param>
    /// <param name="role">What they may do; <see cref="PortalRole.PlatformOperator"/> only in the platform's own tenant.</param>
    /// <param name="facts">Where the request came from; its language is the mail's.</param>
    /// <param name="cancellationToken">Gives up; nobody has been invited then.</param>
    /// <exception cref="ArgumentOutOfRangeException">The role does not exist in this tenant.</exception>
    public async Task<InvitationResult> InviteAsync(
        Guid tenantId, Guid? invitedBy, string? address, PortalRole role, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (result, _) = await InviteAsync(tenantId, invitedBy, address, role, facts, isMailed: true, cancellationToken);
        return result;
    }

    /// <summary>Invites somebody at the console, by a link that is shown there in place of a mail.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="address">Who is invited.</param>
    /// <param name="role">What they may do.</param>
    /// <param name="cancellationToken">Gives up; nobody has been invited then.</param>
    /// <returns>The link, relative to the tenant's address; <see langword="null"/> unless the result is <see cref="InvitationResult.Sent"/>.</returns>
    internal Task<(InvitationResult Result, string? Link)> CreateLinkAsync(
        Guid tenantId, string? address, PortalRole role, CancellationToken cancellationToken) =>
        InviteAsync(tenantId, invitedBy: null, address, role, RequestFacts.Portal, isMailed: false, cancellationToken);

    private async Task<(InvitationResult Result, string? Link)> InviteAsync(
        Guid tenantId, Guid? invitedBy, string? address, PortalRole role, RequestFacts facts, bool isMailed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var trimmed = address?.Trim();
        if (!EmailAddress.IsWellFormed(trimmed))
        {
            return (InvitationResult.AddressMalformed, null);
        }

        await using var scope = scopes.CreateAsyncScope();
        var tenant = await scope.EnterTenantAsync(tenantId, cancellationToken) ?? throw new ArgumentOutOfRangeException(nameof(tenantId));
        if (role == PortalRole.PlatformOperator && tenant.Slug != TenantSlug.Platform)
        {
            throw new ArgumentOutOfRangeException(nameof(role));
        }

        var database = Database(scope);
        var name = EmailAddress.Normalize(trimmed!);
        if (await database.Users.AnyAsync(user => user.NormalizedUserName == name && user.EmailConfirmed, cancellationToken))
        {
            return (InvitationResult.AlreadyMember, null);
        }

        var now = time.GetUtcNow();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (isMailed && !await MailAllowances.TryTakeAsync(database, tenantId, Purpose, trimmed!, now, cancellationToken))
        {
            return (InvitationResult.TooManyMails, null);
        }

        await EndAsync(database, name, cancellationToken);
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            Email = trimmed!,
            NormalizedEmail = name,
            Role = role,
            InvitedBy = invitedBy,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        database.Invitations.Add(invitation);
        var token = await AccountLinks.ReplaceAsync(database, tenantId, invitation.Id, Purpose, now, Lifetime, cancellationToken);
        events.Record(database, tenantId, SecurityEventKind.AccountInvited, SecurityEventOutcome.Success, facts, subjectId: invitation.Id, actorId: invitedBy);
        var link = $"accept-invitation?token={token}";
        if (isMailed)
        {
            var draft = new MailDraft("Invitation") { Link = link, Language = facts.Language, Values = [(int)Lifetime.TotalDays] };
            await outbox.AddAsync(database, tenant, new MailRecipient(trimmed!), draft, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (InvitationResult.Sent, link);
    }

    /// <summary>The address that a link invites; looking consumes nothing.</summary>
    /// <returns><see langword="null"/> if it is unknown, accepted, replaced or too old.</returns>
    public async Task<string?> FindAddressAsync(Guid tenantId, string? token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is null
            ? null
            : (await FindAsync(Database(scope), token, cancellationToken))?.Email;
    }

    /// <summary>Spends the link and makes the account, both or neither.</summary>
    /// <returns>
    /// <see cref="RegistrationResult.Done"/>, <see cref="RegistrationResult.Refused"/>, <see cref="RegistrationResult.Busy"/>, or
    /// <see cref="RegistrationResult.Closed"/> where the link does not work any longer.
    /// </returns>
    public async Task<RegistrationResult> AcceptAsync(
        Guid tenantId, string? token, RegistrationForm form, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant
            || await FindAsync(database, token, cancellationToken) is not { } invitation)
        {
            return new RegistrationResult.Closed();
        }

        if (rules.Check(form, tenant, invitation.Email) is { } refused)
        {
            return refused;
        }

        if (!PasswordText.TryNormalize(form.Password, out var normalized)
            || await hashing.HashAsync(normalized, cancellationToken) is not { } hash)
        {
            return new RegistrationResult.Busy();
        }

        var content = RegistrationContent.Of(form, tenant.Policy, hash);
        return await StoreAsync(database, invitation, token, content, facts, cancellationToken)
            ? new RegistrationResult.Done()
            : new RegistrationResult.Closed();
    }

    private async Task<bool> StoreAsync(
        PortalDbContext database,
        Invitation invitation,
        string? token,
        RegistrationContent content,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (!await AccountLinks.SpendAsync(database, token, Purpose, now, cancellationToken))
            {
                return false;
            }

            // Somebody may have opened an account with this address before, and never confirmed it: the mailbox has just decided.
            await database.Users
                .Where(user => user.NormalizedUserName == invitation.NormalizedEmail && !user.EmailConfirmed && user.RegistrationFlowId != null)
                .ExecuteDeleteAsync(cancellationToken);
            await EndAsync(database, invitation.NormalizedEmail, cancellationToken);
            var user = content.CreateUser(Guid.CreateVersion7(now), invitation.TenantId, invitation.Email, invitation.Role, flowId: null, now);
            database.Users.Add(user);
            events.Record(
                database,
                invitation.TenantId,
                SecurityEventKind.AccountRegistered,
                SecurityEventOutcome.Success,
                facts,
                subjectId: user.Id,
                actorId: user.Id,
                reason: "invitation");
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Another account with this address was stored at the same moment; everything was rolled back.
            return false;
        }
    }

    private async Task<Invitation?> FindAsync(PortalDbContext database, string? token, CancellationToken cancellationToken) =>
        await AccountLinks.FindSubjectAsync(database, token, Purpose, time.GetUtcNow(), cancellationToken) is { } id
            ? await database.Invitations.AsNoTracking().SingleOrDefaultAsync(invitation => invitation.Id == id, cancellationToken)
            : null;

    private static async Task EndAsync(PortalDbContext database, string normalizedEmail, CancellationToken cancellationToken)
    {
        var earlier = database.Invitations.Where(invitation => invitation.NormalizedEmail == normalizedEmail);
        await database.OneTimeLinks
            .Where(link => link.Purpose == Purpose && earlier.Any(invitation => invitation.Id == link.SubjectId))
            .ExecuteDeleteAsync(cancellationToken);
        await earlier.ExecuteDeleteAsync(cancellationToken);
    }

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}

/// <summary>What became of an invitation.</summary>
public enum InvitationResult
{
    /// <summary>It is on its way.</summary>
    Sent = 0,

    /// <summary>What was given cannot be an address.</summary>
    AddressMalformed = 1,

    /// <summary>The person has an account already. This is for administrators, who may see their people.</summary>
    AlreadyMember = 2,

    /// <summary>Five were sent to this address within an hour.</summary>
    TooManyMails = 3,
}
