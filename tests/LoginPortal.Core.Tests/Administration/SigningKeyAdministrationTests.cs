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
    public async Task Rotation_BeforeItsTime_SignsWithTheNextKeyEverywhereAndKeepsTheLastOnePublished()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        var node = AddHost().Services.GetRequiredService<SigningKeys>();
        var first = Assert.Single(AnswerOf(await Keys.ListAsync(await AsAdministratorAsync(), CancellationToken.None)));
        Assert.Equal(SigningKeyStatus.Signing, first.Status);
        Assert.Equal(first.Id, (await node.GetCurrentAsync(CancellationToken.None)).KeyId);

        var session = await AsAdministratorAsync();
        var rotated = AnswerOf(await Keys.RotateAsync(session, first.Id, CancellationToken.None));

        Assert.True(rotated.IsDone);
        Assert.Equal([SigningKeyStatus.Signing, SigningKeyStatus.Retired], rotated.Keys.Select(key => key.Status));
        Assert.Equal((first.Id, Clock.GetUtcNow() + SigningKeys.Overlap), (rotated.Keys[1].Id, rotated.Keys[1].PublishedUntil));
        var next = rotated.Keys[0].Id;
        Assert.Equal(next, (await Host.Services.GetRequiredService<SigningKeys>().GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.Equal(next, (await node.FindAsync(next, CancellationToken.None))?.KeyId ?? next);
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(next, (await node.GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.NotNull(await node.FindAsync(first.Id, CancellationToken.None));
        Clock.Advance(SigningKeys.Overlap);
        Assert.Null(await node.FindAsync(first.Id, CancellationToken.None));
        var audited = await ReadAsync(database => database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.SigningKeyRotated));
        Assert.Equal([new AuditDifference("keyId", $"\"{first.Id}\"", $"\"{next}\"")], audited.Differences);
    }

    [Fact]
    public async Task Rotation_WithASuccessorThatIsAnnounced_TakesThatOneAndOfTwoOperatorsOneRotates()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        await Host.Services.GetRequiredService<SigningKeys>().GetCurrentAsync(CancellationToken.None);
        Clock.Advance(SigningKeys.SigningPeriod - SigningKeys.Announcement + TimeSpan.FromHours(1));
        var session = await AsAdministratorAsync();
        var keys = AnswerOf(await Keys.ListAsync(session, CancellationToken.None));
        Assert.Equal([SigningKeyStatus.Next, SigningKeyStatus.Signing], keys.Select(key => key.Status));

        var rotations = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => AddHostLocked().Services.GetRequiredService<SigningKeyAdministration>().RotateAsync(session, keys[1].Id, CancellationToken.None))));

        Assert.Single(rotations.Select(AnswerOf), rotation => rotation.IsDone);
        Assert.Equal(keys[0].Id, (await AddHostLocked().Services.GetRequiredService<SigningKeys>().GetCurrentAsync(CancellationToken.None)).KeyId);
        Assert.Equal(2, await ReadAsync(database => database.SigningKeys.CountAsync()));
    }

    [Fact]
    public async Task Keys_OfThePortal_AreForOperatorsAlone()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        var session = await AsAdministratorAsync();

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Keys.ListAsync(session, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Keys.RotateAsync(session, "x", CancellationToken.None)));
    }

    private LoginPortal.Testing.CoreHost AddHostLocked()
    {
        lock (Clock)
        {
            return AddHost();
        }
    }
}
