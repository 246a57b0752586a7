using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>Where a person stands with second factors, under the rules of their tenant.</summary>
public sealed class SecondFactors(IEnumerable<ISecondFactor> factors, TimeProvider time)
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
        var ready = new List<SecondFactorMethod>();
        var isAskedFor = false;
        foreach (var factor in factors.OrderBy(factor => Array.IndexOf(ByStrength, factor.Method)))
        {
            // A recovery code stands in for another factor, and comes last: where there is none, it is not looked for.
            if (Counts(factor.Method, policy, provedBy)
                && (factor.Method != SecondFactorMethod.RecoveryCode || ready.Count > 0)
                && await factor.IsReadyAsync(user, cancellationToken))
            {
                ready.Add(factor.Method);
                isAskedFor = isAskedFor || await factor.IsAskedForAsync(user, cancellationToken);
            }
        }

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
}

/// <summary>Where a person stands with second factors.</summary>
/// <param name="Usable">What they can use now, the strongest first; empty while they have set up none.</param>
/// <param name="IsAsked">Whether signing in asks for one.</param>
/// <param name="IsOwed">Whether they must set one up before they can sign in.</param>
/// <param name="IsAnnounced">Whether they will have to from a date that is still to come.</param>
public sealed record SecondFactorStanding(IReadOnlyList<SecondFactorMethod> Usable, bool IsAsked, bool IsOwed, bool IsAnnounced);
