using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.SignIn;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// What a signed-in person can do with their own passkeys. Looking and naming need a live session; adding and removing need one whose sign-in is
/// fresh (<see cref="AccountSecurity.FreshFor"/>).
/// </summary>
public sealed class PasskeyAccount(OwnAccounts accounts)
{
    /// <summary>The person's passkeys.</summary>
    public Task<PasskeyAccountResult> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, needsFresh: false, async (account, cancellation) => await ListAsync(account, cancellation), cancellationToken);

    /// <summary>Whether a passkey can be added now, without starting anything.</summary>
    /// <returns><see cref="PasskeyAccountResult.Passkeys"/> if so.</returns>
    public Task<PasskeyAccountResult> PrepareAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, needsFresh: true, async (account, cancellation) => await ListAsync(account, cancellation), cancellationToken);

    /// <summary>Starts adding a passkey.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="isConditional">Whether the browser shall create it by itself, right after it filled in the password.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    /// <returns><see langword="null"/> if the session may not, or the tenant has no passkeys.</returns>
    public Task<PasskeyOptions?> BeginAsync(
        Guid tenantId, Guid sessionId, string bindingHash, bool isConditional, CancellationToken cancellationToken) =>
        BeginAsync(tenantId, sessionId, bindingHash, isConditional, PasskeyKind.Any, cancellationToken);

    /// <summary>Starts adding a passkey of which something is demanded.</summary>
    public Task<PasskeyOptions?> BeginAsync(
        Guid tenantId, Guid sessionId, string bindingHash, PasskeyKind kind, CancellationToken cancellationToken) =>
        BeginAsync(tenantId, sessionId, bindingHash, isConditional: false, kind, cancellationToken);

    private Task<PasskeyOptions?> BeginAsync(
        Guid tenantId, Guid sessionId, string bindingHash, bool isConditional, PasskeyKind kind, CancellationToken cancellationToken) =>
        accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) => account.Tenant.Policy.AllowPasskeys
                ? await account.Get<PasskeyOptionsMaker>().ForRegistrationAsync(
                    account.Tenant, bindingHash, account.Session.Id, account.User, isConditional, kind, cancellation)
                : null,
            signedOut: null,
            signInNeeded: null,
            cancellationToken);

    /// <summary>Adds the passkey. With a second factor that will be asked for come recovery codes, in the answer and never again.</summary>
    public Task<PasskeyAccountResult> AddAsync(
        Guid tenantId, Guid sessionId, string bindingHash, PasskeyAnswer answer, RequestFacts facts, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) =>
            {
                var verdict = await account.Get<PasskeyVerifier>().JudgeAttestationAsync(
                    account.User, account.Tenant, bindingHash, account.Session.Id, answer, cancellation);
                if (verdict is not PasskeyVerdict.Attested attested)
                {
                    return new PasskeyAccountResult.Refused(((PasskeyVerdict.Refused)verdict).Code);
                }

                var (database, user) = (account.Database, account.User);
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                if (await account.Get<PasskeyChanges>().AddAsync(database, account.Tenant, user, attested, facts, cancellation) is { } refusal)
                {
                    return new PasskeyAccountResult.Refused(refusal);
                }

                var standing = await account.Get<SecondFactors>().OfAsync(user, account.Tenant.Policy, [AuthenticationMethod.Password], cancellation);
                var codes = standing.IsAsked && await RecoveryCodeSets.CountLeftAsync(database, user.Id, cancellation) == 0
                    ? await account.Get<RecoveryCodeSets>().ReplaceAsync(database, user.Id, cancellation)
                    : null;
                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                var list = await ListAsync(account, cancellation);
                var id = WebEncoders.Base64UrlEncode(attested.Passkey.CredentialId);
                var added = list.Items.Zip(list.Owner.CredentialIds).First(pair => pair.Second == id).First;
                return list with { RecoveryCodes = codes, Added = added };
            },
            cancellationToken);

    /// <summary>Gives a passkey another name.</summary>
    public Task<PasskeyAccountResult> RenameAsync(
        Guid tenantId, Guid sessionId, Guid passkeyId, string? name, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                await PasskeyChanges.RenameAsync(account.Database, account.User.Id, passkeyId, name, cancellation);
                return await ListAsync(account, cancellation);
            },
            cancellationToken);

    /// <summary>Removes a passkey that is not the last way in.</summary>
    public Task<PasskeyAccountResult> RemoveAsync(
        Guid tenantId, Guid sessionId, Guid passkeyId, RequestFacts facts, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) => await account.Get<PasskeyChanges>().RemoveAsync(
                account.Database, account.Tenant, account.User, passkeyId, facts, cancellation) == PasskeyRemoval.LastWayIn
                ? new PasskeyAccountResult.LastWayIn()
                : await ListAsync(account, cancellation),
            cancellationToken);

    private static async Task<PasskeyAccountResult.Passkeys> ListAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var user = account.User;
        var passkeys = await account.Database.Passkeys.AsNoTracking()
            .Where(p => p.UserId == user.Id)
            .OrderBy(p => p.Id)
            .ToListAsync(cancellationToken);
        return new PasskeyAccountResult.Passkeys(
            [
                .. passkeys.Select(p => new PasskeySummary(
                    p.Id,
                    p.Name.Length > 0 ? p.Name : AuthenticatorNames.Find(p.Aaguid) ?? "",
                    p.CreatedAt,
                    p.LastUsedAt,
                    p.IsBackupEligible,
                    p.SignsInAlone)),
            ],
            account.Tenant.Policy.AllowPasskeys,
            await OwnerOfAsync(account, cancellationToken));
    }

    /// <summary>What a browser that keeps the person's passkeys is told of them.</summary>
    internal static async Task<PasskeyOwner> OwnerOfAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var user = account.User;
        var ids = await account.Database.Passkeys.Where(p => p.UserId == user.Id).OrderBy(p => p.Id).Select(p => p.CredentialId).ToListAsync(cancellationToken);
        return new PasskeyOwner(
            (await account.Get<RelyingParties>().OfAsync(account.Tenant, cancellationToken)).Id,
            WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(user.Id.ToString())),
            user.Email ?? "",
            user.DisplayName,
            [.. ids.Select(WebEncoders.Base64UrlEncode)]);
    }

    private Task<PasskeyAccountResult> RunAsync(
        Guid tenantId,
        Guid sessionId,
        bool needsFresh,
        Func<OwnAccount, CancellationToken, Task<PasskeyAccountResult>> work,
        CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId, sessionId, needsFresh, work, new PasskeyAccountResult.SignedOut(), new PasskeyAccountResult.SignInNeeded(), cancellationToken);
}

/// <summary>What became of a wish about one's own passkeys. A closed family.</summary>
public abstract record PasskeyAccountResult
{
    private PasskeyAccountResult()
    {
    }

    /// <summary>Done, and how things stand now.</summary>
    /// <param name="Items">The person's passkeys, the oldest first.</param>
    /// <param name="CanAdd">Whether the tenant lets people add any.</param>
    /// <param name="Owner">What a browser is told of them.</param>
    public sealed record Passkeys(IReadOnlyList<PasskeySummary> Items, bool CanAdd, PasskeyOwner Owner) : PasskeyAccountResult
    {
        /// <summary>New recovery codes, in the one answer that shows them.</summary>
        public IReadOnlyList<string>? RecoveryCodes { get; init; }

        /// <summary>The passkey that was added.</summary>
        public PasskeySummary? Added { get; init; }
    }

    /// <summary>The authenticator's answer was not accepted.</summary>
    /// <param name="Code">Why.</param>
    public sealed record Refused(RejectionCode Code) : PasskeyAccountResult;

    /// <summary>The passkey is the person's last way in and stays.</summary>
    public sealed record LastWayIn : PasskeyAccountResult;

    /// <summary>The person must sign in again first.</summary>
    public sealed record SignInNeeded : PasskeyAccountResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : PasskeyAccountResult;
}

/// <summary>A passkey, as its owner sees it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">What the person or else its authenticator calls it; empty where neither does.</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC.</param>
/// <param name="IsSynced">Whether it can be on several devices.</param>
/// <param name="SignsInAlone">Whether it is a way in of its own, not a second factor only.</param>
public sealed record PasskeySummary(
    Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool IsSynced, bool SignsInAlone);

/// <summary>What a browser is told so that it can keep its own list right (Web Authentication Level 3, 5.1.10).</summary>
/// <param name="RelyingPartyId">The RP ID.</param>
/// <param name="UserId">The user handle, as base64url.</param>
/// <param name="Name">The person's address.</param>
/// <param name="DisplayName">The name to greet them by.</param>
/// <param name="CredentialIds">The passkeys that are accepted, as base64url.</param>
public sealed record PasskeyOwner(
    string RelyingPartyId, string UserId, string Name, string DisplayName, IReadOnlyList<string> CredentialIds);
