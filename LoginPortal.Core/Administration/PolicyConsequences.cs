using System.Globalization;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// What a change of rules would mean for the people that there are: counted, before anything is saved. A count stops at <see cref="Most"/>, so that
/// asking while one types costs the same in a large tenant.
/// </summary>
public sealed class PolicyConsequences(AdministratorAccess access, TenantSettingsRules rules, TimeProvider time)
{
    /// <summary>Where counting stops.</summary>
    public const int Most = 10_000;

    /// <summary>What would be wrong with settings, and what they would mean.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="proposed">The settings that are thought of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<PolicyForecast>> ForecastAsync(
        AdministratorSession session, TenantDocument proposed, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) => new PolicyForecast(
                rules.Check(proposed, administrator.Tenant.Id, administrator.Tenant.Branding),
                await CountAsync(administrator, proposed.Policy, cancellation)),
            cancellationToken);

    private async Task<IReadOnlyList<PolicyConsequence>> CountAsync(Administrator administrator, TenantPolicy policy, CancellationToken cancellationToken)
    {
        var (database, present, now) = (administrator.Database, administrator.Tenant.Policy, time.GetUtcNow());
        var people = database.Users.Where(user => user.DisabledAt == null);
        var all = await UpToMostAsync(people, cancellationToken);
        return
        [
            .. await OfSecondFactorsAsync(database, people, all, present, policy, now, cancellationToken),
            .. await OfWaysInAsync(database, people, all, present, policy, cancellationToken),
            .. await OfSessionsAsync(database, present, policy, now, cancellationToken),
            new PolicyConsequence(
                "Policy.MinimumPasswordLength",
                PolicyConsequenceKind.PasswordLength,
                await UpToMostAsync(people.Where(user => user.PasswordHash != null), cancellationToken),
                all,
                policy.MinimumPasswordLengthAt(now).ToString(CultureInfo.InvariantCulture)),
            .. await OfRegistrationAsync(people, all, present, policy, cancellationToken),
        ];
    }

    private static async Task<List<PolicyConsequence>> OfSecondFactorsAsync(
        PortalDbContext database,
        IQueryable<PortalUser> people,
        int all,
        TenantPolicy present,
        TenantPolicy policy,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        const string field = "Policy.SecondFactor";
        var (takesTotp, takesPasskeys, takesMail) = (
            policy.SecondFactorMethods.Contains(SecondFactorMethod.Totp),
            policy.AllowPasskeys,
            policy.SecondFactor == SecondFactorRequirement.Required && policy.SecondFactorMethods.Contains(SecondFactorMethod.EmailCode));
        var without = await UpToMostAsync(
            people.Where(user =>
                (!takesTotp || !database.Authenticators.Any(a => a.UserId == user.Id && a.ConfirmedAt != null))
                && (!takesPasskeys || !database.Passkeys.Any(p => p.UserId == user.Id))
                && (!takesMail || !user.EmailConfirmed)),
            cancellationToken);
        List<PolicyConsequence> consequences =
        [
            policy switch
            {
                { SecondFactor: SecondFactorRequirement.Off } => new(field, PolicyConsequenceKind.SecondFactorOff, all - without, all),
                { SecondFactor: SecondFactorRequirement.Optional } => new(field, PolicyConsequenceKind.SecondFactorOptional, all - without, all),
                { SecondFactorRequiredFrom: { } from } when from > now =>
                    new(field, PolicyConsequenceKind.SecondFactorFrom, without, all) { At = from },
                _ => new(field, PolicyConsequenceKind.SecondFactorNow, without, all),
            },
        ];
        if (!takesTotp && present.SecondFactorMethods.Contains(SecondFactorMethod.Totp))
        {
            var apps = await UpToMostAsync(
                people.Where(user => database.Authenticators.Any(a => a.UserId == user.Id && a.ConfirmedAt != null)), cancellationToken);
            consequences.Add(new("Policy.SecondFactorMethods", PolicyConsequenceKind.AuthenticatorsIdle, apps, all));
        }

        if (policy.TrustedDeviceDays < present.TrustedDeviceDays)
        {
            var oldest = now.AddDays(-Math.Max(0, policy.TrustedDeviceDays));
            var asked = policy.TrustedDeviceDays <= 0
                ? database.TrustedDevices.Where(device => device.ExpiresAt > now)
                : database.TrustedDevices.Where(device => device.ExpiresAt > now && device.CreatedAt < oldest);
            consequences.Add(new(
                "Policy.TrustedDeviceDays",
                PolicyConsequenceKind.TrustedDevicesAsked,
                await UpToMostAsync(asked, cancellationToken),
                await UpToMostAsync(database.TrustedDevices.Where(device => device.ExpiresAt > now), cancellationToken)));
        }

        return consequences;
    }

    private static async Task<List<PolicyConsequence>> OfWaysInAsync(
        PortalDbContext database,
        IQueryable<PortalUser> people,
        int all,
        TenantPolicy present,
        TenantPolicy policy,
        CancellationToken cancellationToken)
    {
        List<PolicyConsequence> consequences = [];
        if (!policy.AllowPasskeys && present.AllowPasskeys)
        {
            var owners = people.Where(user => database.Passkeys.Any(p => p.UserId == user.Id));
            consequences.Add(new("Policy.AllowPasskeys", PolicyConsequenceKind.PasskeysIdle, await UpToMostAsync(owners, cancellationToken), all));
            if (!policy.EmailCodeSignIn)
            {
                consequences.Add(new(
                    "Policy.AllowPasskeys",
                    PolicyConsequenceKind.PasskeysOnly,
                    await UpToMostAsync(owners.Where(user => user.PasswordHash == null), cancellationToken),
                    all));
            }
        }

        if (policy.EmailCodeSignIn)
        {
            consequences.Add(new("Policy.EmailCodeSignIn", PolicyConsequenceKind.EmailCodeSignIn, all, all));
        }
        else if (present.EmailCodeSignIn)
        {
            var left = people.Where(user => user.PasswordHash == null && (!policy.AllowPasskeys || !database.Passkeys.Any(p => p.UserId == user.Id && p.SignsInAlone)));
            consequences.Add(new("Policy.EmailCodeSignIn", PolicyConsequenceKind.EmailCodeOnly, await UpToMostAsync(left, cancellationToken), all));
        }

        foreach (var language in present.Languages.Except(policy.Languages, StringComparer.Ordinal))
        {
            consequences.Add(new(
                "Policy.Languages", PolicyConsequenceKind.LanguageGone, await UpToMostAsync(people.Where(user => user.Language == language), cancellationToken), all, language));
        }

        return consequences;
    }

    private static async Task<List<PolicyConsequence>> OfSessionsAsync(
        PortalDbContext database, TenantPolicy present, TenantPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var live = database.Sessions.Where(session => session.EndedAt == null && session.ExpiresAt > now);
        List<PolicyConsequence> consequences = [];
        if (policy.SessionLifetime != present.SessionLifetime || policy.SessionIdleTimeout != present.SessionIdleTimeout)
        {
            consequences.Add(new(
                policy.SessionLifetime != present.SessionLifetime ? "Policy.SessionLifetime" : "Policy.SessionIdleTimeout",
                PolicyConsequenceKind.SessionsStay,
                await UpToMostAsync(live.Where(session => !session.IsRemembered), cancellationToken)));
        }

        if (policy.AllowRememberedSessions != present.AllowRememberedSessions || policy.RememberedSessionLifetime != present.RememberedSessionLifetime)
        {
            consequences.Add(new(
                policy.AllowRememberedSessions ? "Policy.RememberedSessionLifetime" : "Policy.AllowRememberedSessions",
                PolicyConsequenceKind.RememberedSessionsStay,
                await UpToMostAsync(live.Where(session => session.IsRemembered), cancellationToken)));
        }

        return consequences;
    }

    private static async Task<List<PolicyConsequence>> OfRegistrationAsync(
        IQueryable<PortalUser> people, int all, TenantPolicy present, TenantPolicy policy, CancellationToken cancellationToken)
    {
        var registration = policy.Registration;
        List<PolicyConsequence> consequences =
        [
            !registration.IsOpen
                ? new("Policy.Registration.IsOpen", PolicyConsequenceKind.RegistrationClosed)
                : new(
                    "Policy.Registration.IsOpen",
                    registration.AllowedDomains.Count == 0 ? PolicyConsequenceKind.RegistrationOpen : PolicyConsequenceKind.RegistrationOfDomains,
                    Detail: string.Join(", ", registration.AllowedDomains)),
        ];
        if (registration.AllowedDomains.Count > 0)
        {
            var outside = people;
            foreach (var domain in registration.AllowedDomains)
            {
                var ending = EmailAddress.Normalize($"@{domain}");
                outside = outside.Where(user => !user.NormalizedEmail!.EndsWith(ending));
            }

            consequences.Add(new(
                "Policy.Registration.AllowedDomains", PolicyConsequenceKind.OutsideDomains, await UpToMostAsync(outside, cancellationToken), all));
        }

        if (registration.TermsVersion is { Length: > 0 } version && version != present.Registration.TermsVersion)
        {
            consequences.Add(new(
                "Policy.Registration.TermsVersion",
                PolicyConsequenceKind.TermsNotAsked,
                await UpToMostAsync(people.Where(user => user.AcceptedTermsVersion == null || user.AcceptedTermsVersion != version), cancellationToken),
                all));
        }

        if (registration is { IsOpen: true, Captcha: CaptchaKind.Off })
        {
            consequences.Add(new("Policy.Registration.Captcha", PolicyConsequenceKind.Machines));
        }

        return consequences;
    }

    private static Task<int> UpToMostAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken) => rows.Take(Most + 1).CountAsync(cancellationToken);
}
