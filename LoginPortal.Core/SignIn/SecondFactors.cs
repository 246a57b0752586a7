using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>Where a person stands with second factors, under the rules of their tenant.</summary>
public sealed class SecondFactors(PortalDbContext database, TimeProvider time)
{
    /// <summary>The methods, the strongest first.</summary>
    private static readonly SecondFactorMethod[] ByStrength =
        [SecondFactorMethod.Passkey, SecondFactorMethod.Totp, SecondFactorMethod.EmailCode, SecondFactorMethod.RecoveryCode];

    /// <summary>Once a person has no second factor of their own left, what stood in for it goes too, in the caller's transaction.</summary>
    public static async Task ForgetStandInsAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (!await database.Authenticators.AnyAsync(a => a.UserId == userId && a.ConfirmedAt != null, cancellationToken)
            && !await database.Passkeys.AnyAsync(p => p.UserId == userId, cancellationToken))
        {
            await database.RecoveryCodes.Where(code => code.UserId == userId).ExecuteDeleteAsync(cancellationToken);
            await database.TrustedDevices.Where(device => device.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Looks at every factor once.</summary>
    /// <param name="user">The person.</param>
    /// <param name="policy">The tenant's rules.</param>
    /// <param name="provedBy">How the person has proved who they are so far, values of RFC 8176: what was the first factor is no second one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SecondFactorStanding> OfAsync(
        PortalUser user, TenantPolicy policy, IReadOnlyList<string> provedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        var held = await CompiledQueries<Queries>.For(database).Held(database, user.Id, cancellationToken) ?? new Holdings(false, false, false, false);
        var ready = new List<SecondFactorMethod>();
        foreach (var method in ByStrength)
        {
            // A recovery code stands in for another factor, and comes last: where there is none, it does not count.
            if (Counts(method, policy, provedBy) && (method != SecondFactorMethod.RecoveryCode || ready.Count > 0) && IsReady(method, user, held))
            {
                ready.Add(method);
            }
        }

        // A passkey that signs in alone does not make the password ask for more: else one that a browser made by itself would lock its owner out
        // everywhere else. A security key that is nothing but a second factor does.
        var isAskedFor = ready.Contains(SecondFactorMethod.Totp) || (ready.Contains(SecondFactorMethod.Passkey) && held.SecurityKey);

        // A recovery code stands in for a factor that was set up; on its own it is none.
        var hasOwn = ready.Contains(SecondFactorMethod.Passkey) || ready.Contains(SecondFactorMethod.Totp);
        var isRequired = policy.RequiresSecondFactorAt(time.GetUtcNow());
        var isUsable = hasOwn || (isRequired && ready.Contains(SecondFactorMethod.EmailCode));
        return new SecondFactorStanding(
            isUsable ? ready : [],
            IsAsked: policy.SecondFactor != SecondFactorRequirement.Off && isUsable && (isRequired || isAskedFor),
            IsOwed: isRequired && !isUsable,
            IsAnnounced: policy.SecondFactor == SecondFactorRequirement.Required && !isRequired && !hasOwn);
    }

    /// <summary>
    /// Whether the tenant lets a method count; recovery codes always do. A code by e-mail is none beside another one: only where there was a
    /// password before it does it prove something new.
    /// </summary>
    private static bool Counts(SecondFactorMethod method, TenantPolicy policy, IReadOnlyList<string> provedBy) => method switch
    {
        SecondFactorMethod.RecoveryCode => true,
        SecondFactorMethod.Passkey => policy.AllowPasskeys,
        SecondFactorMethod.EmailCode when !provedBy.Contains(AuthenticationMethod.Password) => false,
        _ => policy.SecondFactorMethods.Contains(method),
    };

    /// <summary>Whether the person could use a method now, whatever the tenant says.</summary>
    private static bool IsReady(SecondFactorMethod method, PortalUser user, Holdings held) => method switch
    {
        SecondFactorMethod.Passkey => held.Passkey,
        SecondFactorMethod.Totp => held.Authenticator,
        SecondFactorMethod.EmailCode => user is { EmailConfirmed: true, Email: not null },
        _ => held.RecoveryCode,
    };

    /// <summary>What a person has set up: any passkey, a security key that is nothing but a second factor, an authenticator app, a recovery code.</summary>
    private sealed record Holdings(bool Passkey, bool SecurityKey, bool Authenticator, bool RecoveryCode);

    private sealed class Queries
    {
        public Func<PortalDbContext, Guid, CancellationToken, Task<Holdings?>> Held { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid userId, CancellationToken _) => database.Users
                .Where(user => user.Id == userId)
                .Select(user => new Holdings(
                    database.Passkeys.Any(passkey => passkey.UserId == userId),
                    database.Passkeys.Any(passkey => passkey.UserId == userId && !passkey.SignsInAlone),
                    database.Authenticators.Any(authenticator => authenticator.UserId == userId && authenticator.ConfirmedAt != null),
                    database.RecoveryCodes.Any(code => code.UserId == userId)))
                .SingleOrDefault());
    }
}

/// <summary>Where a person stands with second factors.</summary>
/// <param name="Usable">What they can use now, the strongest first; empty while they have set up none.</param>
/// <param name="IsAsked">Whether signing in asks for one.</param>
/// <param name="IsOwed">Whether they must set one up before they can sign in.</param>
/// <param name="IsAnnounced">Whether they will have to from a date that is still to come.</param>
public sealed record SecondFactorStanding(IReadOnlyList<SecondFactorMethod> Usable, bool IsAsked, bool IsOwed, bool IsAnnounced);
