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

/// <summary>What settings that are thought of would come to.</summary>
/// <param name="Problems">What keeps them from being saved.</param>
/// <param name="Consequences">What they would mean.</param>
public sealed record PolicyForecast(IReadOnlyList<SettingsProblem> Problems, IReadOnlyList<PolicyConsequence> Consequences);

/// <summary>What a setting would mean for people.</summary>
/// <param name="Field">The setting, as in <see cref="SettingsProblem"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How many it concerns; more than <see cref="PolicyConsequences.Most"/> where counting stopped.</param>
/// <param name="Of">Of how many, likewise.</param>
/// <param name="Detail">A value that belongs to it: a length, a language, domains.</param>
public sealed record PolicyConsequence(string Field, PolicyConsequenceKind Kind, int Count = 0, int Of = 0, string Detail = "")
{
    /// <summary>From when it holds, UTC; <see langword="null"/> for at once.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>What settings can mean for people.</summary>
public enum PolicyConsequenceKind
{
    /// <summary>People who have a second factor, and are not asked for it.</summary>
    SecondFactorOff = 0,

    /// <summary>People who have a second factor, and are asked for it.</summary>
    SecondFactorOptional = 1,

    /// <summary>People who must set one up when they next sign in.</summary>
    SecondFactorNow = 2,

    /// <summary>People who must from a date on.</summary>
    SecondFactorFrom = 3,

    /// <summary>People whose authenticator apps no longer count.</summary>
    AuthenticatorsIdle = 4,

    /// <summary>Trusted browsers that are asked again.</summary>
    TrustedDevicesAsked = 5,

    /// <summary>People whose passkeys no longer count.</summary>
    PasskeysIdle = 6,

    /// <summary>Those among them who have no password.</summary>
    PasskeysOnly = 7,

    /// <summary>People whose account is as safe as their mailbox.</summary>
    EmailCodeSignIn = 8,

    /// <summary>People without password and passkey, who sign in by code alone.</summary>
    EmailCodeOnly = 9,

    /// <summary>People who chose a language that is no longer offered.</summary>
    LanguageGone = 10,

    /// <summary>Sessions that stay as long as they were to.</summary>
    SessionsStay = 11,

    /// <summary>Remembered sessions, likewise.</summary>
    RememberedSessionsStay = 12,

    /// <summary>People with a password whose length nobody knows.</summary>
    PasswordLength = 13,

    /// <summary>Nobody opens an account uninvited.</summary>
    RegistrationClosed = 14,

    /// <summary>Anybody does.</summary>
    RegistrationOpen = 15,

    /// <summary>Anybody with an address of some domains does.</summary>
    RegistrationOfDomains = 16,

    /// <summary>People whose address is outside those domains.</summary>
    OutsideDomains = 17,

    /// <summary>People who have not accepted this version of the terms.</summary>
    TermsNotAsked = 18,

    /// <summary>Nothing keeps machines from opening accounts.</summary>
    Machines = 19,
}
