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
    public async Task Rotation_BeforeItsTime_AnnouncesTheNextKeyAnHourBeforeItSigns()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        var first = Assert.Single(AnswerOf(await Keys.ListAsync(await AsAdministratorAsync(), CancellationToken.None)));
        Assert.Equal(SigningKeyStatus.Signing, first.Status);

        var rotated = AnswerOf(await Keys.RotateAsync(await AsAdministratorAsync(), first.Id, revoke: false, CancellationToken.None));

        Assert.True(rotated.IsDone);
        Assert.Equal([SigningKeyStatus.Next, SigningKeyStatus.Signing], rotated.Keys.Select(key => key.Status));
        Assert.Equal((first.Id, Clock.GetUtcNow() + SigningKeyAdministration.Notice), (rotated.Keys[1].Id, rotated.Keys[0].SignsFrom));
        Clock.Advance(SigningKeyAdministration.Notice);
        Assert.Equal(rotated.Keys[0].Id, (await AddHost().Services.GetRequiredService<SigningKeys>().GetCurrentAsync(CancellationToken.None)).KeyId);
        var audited = await ReadAsync(database => database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.SigningKeysRotated));
        Assert.Equal((User.Id, null), (audited.ActorId, audited.Reason));
    }

    [Fact]
    public async Task Rotation_BecauseAKeyIsKnown_LeavesNoneOfBeforeAndOfTwoOperatorsOneRotates()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        var session = await AsAdministratorAsync();
        var first = Assert.Single(AnswerOf(await Keys.ListAsync(session, CancellationToken.None)));
        var nodes = Enumerable.Range(0, 3).Select(_ => AddHost().Services.GetRequiredService<SigningKeyAdministration>()).ToList();

        var rotations = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RotateAsync(session, first.Id, revoke: true, CancellationToken.None))));

        Assert.Single(rotations.Select(AnswerOf), rotation => rotation.IsDone);
        var only = Assert.Single(AnswerOf(await Keys.ListAsync(session, CancellationToken.None)));
        Assert.NotEqual(first.Id, only.Id);
        Assert.Equal(SigningKeyStatus.Signing, only.Status);
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
