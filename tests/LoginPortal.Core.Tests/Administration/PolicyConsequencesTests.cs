using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class PolicyConsequencesSqliteTests() : PolicyConsequencesTests(DatabaseProvider.Sqlite);

public sealed class PolicyConsequencesPostgreSqlTests() : PolicyConsequencesTests(DatabaseProvider.PostgreSql);

/// <summary>What a change of rules would mean, counted before it is saved.</summary>
public abstract class PolicyConsequencesTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    [Fact]
    public async Task Forecast_OfRulesThatAreThoughtOf_CountsThePeopleTheyConcern()
    {
        await GivenAsync(PortalRole.TenantAdministrator, policy: new TenantPolicy { EmailCodeSignIn = true });
        var session = await AsAdministratorAsync();
        var guarded = await Host.CreateUserAsync(Tenant, "guarded@acme.example", RightPassword);
        await Host.CreateUserAsync(Tenant, "code@acme.example", password: null, user => user.Language = "de");
        await Host.CreateUserAsync(Tenant, "out@notacme.example", RightPassword, user => user.AcceptedTermsVersion = "2");
        await Host.CreateUserAsync(Tenant, "gone@other.example", RightPassword, user => user.DisabledAt = Clock.GetUtcNow());
        await using (var scope = Host.OpenTenant(Tenant))
        {
            scope.Database.Authenticators.Add(new Authenticator
            {
                Id = Guid.CreateVersion7(), TenantId = Tenant.Id, UserId = guarded.Id, Name = "Phone", ProtectedSeed = [1], CreatedAt = Clock.GetUtcNow(), ConfirmedAt = Clock.GetUtcNow(),
            });
            await scope.Database.SaveChangesAsync();
        }

        var from = Clock.GetUtcNow().AddDays(30);
        var forecast = AnswerOf(await Consequences.ForecastAsync(
            session,
            new TenantDocument(
                "Acme",
                new TenantPolicy
                {
                    SecondFactor = SecondFactorRequirement.Required,
                    SecondFactorRequiredFrom = from,
                    SessionIdleTimeout = TimeSpan.FromMinutes(20),
                    Languages = ["en"],
                    Registration = new RegistrationPolicy { IsOpen = true, AllowedDomains = ["acme.example"], TermsVersion = "2", Captcha = CaptchaKind.Off },
                },
                []),
            CancellationToken.None));

        Assert.Equal([new SettingsProblem("Policy.Registration.TermsVersion", SettingsProblemCode.TermsWithoutLink)], forecast.Problems);
        Assert.Equal(
            [
                new PolicyConsequence("Policy.SecondFactor", PolicyConsequenceKind.SecondFactorFrom, 3, 4) { At = from },
                new PolicyConsequence("Policy.EmailCodeSignIn", PolicyConsequenceKind.EmailCodeOnly, 1, 4),
                new PolicyConsequence("Policy.Languages", PolicyConsequenceKind.LanguageGone, 1, 4, "de"),
                new PolicyConsequence("Policy.SessionIdleTimeout", PolicyConsequenceKind.SessionsStay, 1),
                new PolicyConsequence("Policy.MinimumPasswordLength", PolicyConsequenceKind.PasswordLength, 3, 4, "15"),
                new PolicyConsequence("Policy.Registration.IsOpen", PolicyConsequenceKind.RegistrationOfDomains, Detail: "acme.example"),
                new PolicyConsequence("Policy.Registration.AllowedDomains", PolicyConsequenceKind.OutsideDomains, 1, 4),
                new PolicyConsequence("Policy.Registration.TermsVersion", PolicyConsequenceKind.TermsNotAsked, 3, 4),
                new PolicyConsequence("Policy.Registration.Captcha", PolicyConsequenceKind.Machines),
            ],
            forecast.Consequences);
    }

    [Fact]
    public async Task Forecast_OfATenantsRules_IsForItsAdministratorsAlone()
    {
        await GivenAsync(PortalRole.Member);

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Consequences.ForecastAsync(
            await AsAdministratorAsync(), new TenantDocument("Acme", new TenantPolicy(), []), CancellationToken.None)));
    }

    private PolicyConsequences Consequences => Host.Services.GetRequiredService<PolicyConsequences>();
}
