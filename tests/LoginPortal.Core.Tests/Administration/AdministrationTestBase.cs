using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;

namespace LoginPortal.Core.Tests.Administration;

/// <summary>A tenant with one person, who administers it or does not.</summary>
public abstract class AdministrationTestBase(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    protected Task GivenAsync(PortalRole role, string slug = "acme", TenantPolicy? policy = null) =>
        GivenAsync(policy, user => user.Role = role, slug);

    /// <summary>The person, signed in just now.</summary>
    protected async Task<AdministratorSession> AsAdministratorAsync(string contextClass = Assurance.SingleFactor) =>
        new(Tenant.Id, await SignedInAsync(contextClass), Browser.Facts);

    protected static T AnswerOf<T>(AdministrationResult<T> result) => Assert.IsType<AdministrationResult<T>.Answered>(result).Value;

    protected static AdministrationRefusal RefusalOf<T>(AdministrationResult<T> result) =>
        Assert.IsType<AdministrationResult<T>.Refused>(result).Reason;
}
