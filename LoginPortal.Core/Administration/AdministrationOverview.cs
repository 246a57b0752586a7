using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Administration;

/// <summary>What an administrator sees first.</summary>
public sealed class AdministrationOverview(AdministratorAccess access)
{
    /// <summary>How things stand.</summary>
    public Task<AdministrationResult<AdministrationStanding>> ShowAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, _) => Task.FromResult(new AdministrationStanding(administrator.User.Role)),
            cancellationToken);
}

/// <summary>How things stand for an administrator.</summary>
/// <param name="Role">What they may do, as of now.</param>
public sealed record AdministrationStanding(PortalRole Role);
