using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class SigningKeyAdministrationSqliteTests() : SigningKeyAdministrationTests(DatabaseProvider.Sqlite);

public sealed class SigningKeyAdministrationPostgreSqlTests() : SigningKeyAdministrationTests(DatabaseProvider.PostgreSql);

public abstract class SigningKeyAdministrationTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private SigningKeyAdministration Keys => Host.Services.GetRequiredService<SigningKeyAdministration>();

    [Fact]
    public async Task Rotation_BeforeItsTime_AnnouncesTheNextKeyAndOfTwoOperatorsTheSecondIsTold()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        var session = await AsAdministratorAsync();
        var first = Assert.Single(AnswerOf(await Keys.ListAsync(session, CancellationToken.None)));
        Assert.Equal(SigningKeyStatus.Signing, first.Status);

        var rotated = AnswerOf(await Keys.RotateAsync(session, first.Id, revoke: false, CancellationToken.None));
        var late = AnswerOf(await Keys.RotateAsync(session, first.Id, revoke: true, CancellationToken.None));

        Assert.Equal((true, false), (rotated.IsDone, late.IsDone));
        Assert.Equal([SigningKeyStatus.Next, SigningKeyStatus.Signing], late.Keys.Select(key => key.Status));
        Assert.Equal((first.Id, Clock.GetUtcNow() + SigningKeyAdministration.Notice), (late.Keys[1].Id, late.Keys[0].SignsFrom));
        Clock.Advance(SigningKeyAdministration.Notice);
        Assert.Equal(late.Keys[0].Id, (await AddHost().Services.GetRequiredService<SigningKeys>().GetCurrentAsync(CancellationToken.None)).KeyId);
        var audited = await ReadAsync(database => database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.SigningKeysRotated));
        Assert.Equal((User.Id, null), (audited.ActorId, audited.Reason));
    }

    [Fact]
    public async Task Rotation_BecauseAKeyIsKnown_LeavesNoneOfBefore()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        var session = await AsAdministratorAsync();
        var first = Assert.Single(AnswerOf(await Keys.ListAsync(session, CancellationToken.None)));

        var only = Assert.Single(AnswerOf(await Keys.RotateAsync(session, first.Id, revoke: true, CancellationToken.None)).Keys);

        Assert.NotEqual(first.Id, only.Id);
        Assert.Equal(SigningKeyStatus.Signing, only.Status);
        Assert.Null(await Host.Services.GetRequiredService<SigningKeys>().FindAsync(first.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Keys_OfThePortal_AreForOperatorsAlone()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        var session = await AsAdministratorAsync();

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Keys.ListAsync(session, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Keys.RotateAsync(session, "x", revoke: false, CancellationToken.None)));
    }
}
