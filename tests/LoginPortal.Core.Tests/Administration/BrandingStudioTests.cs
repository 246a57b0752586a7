using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class BrandingStudioSqliteTests() : BrandingStudioTests(DatabaseProvider.Sqlite);

public sealed class BrandingStudioPostgreSqlTests() : BrandingStudioTests(DatabaseProvider.PostgreSql);

public abstract class BrandingStudioTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private static readonly Branding Round = Branding.Default with { CornerRadius = 30 };
    private static readonly Branding Square = Branding.Default with { CornerRadius = 0 };

    [Fact]
    public async Task Draft_SavedPublishedAndRolledBack_IsSeenByTheTenantWhenItIsPublished()
    {
        var session = await AdministratorAsync();
        var none = await StandingAsync(session);
        Assert.Equal((0, null, 0), (none.Version, none.LiveRevisionId, none.LiveNumber));

        var saved = DoneOf(await StudioOf(Host).SaveAsync(session, Round, version: 0, CancellationToken.None));
        Assert.Equal((1, Address, 30), (saved.Version, saved.SavedBy, saved.Document.CornerRadius));
        Assert.Equal(16, await LiveRadiusAsync());
        saved = DoneOf(await StudioOf(Host).SaveAsync(session, Square, saved.Version, CancellationToken.None));
        var published = DoneOf(await StudioOf(Host).PublishAsync(session, saved.Version, null, CancellationToken.None));
        Assert.Equal((0, 1, 0), (published.Version, published.LiveNumber, await LiveRadiusAsync()));

        Clock.Advance(TimeSpan.FromSeconds(1));
        var restored = DoneOf(await StudioOf(Host).RestoreAsync(session, null, published.LiveRevisionId, CancellationToken.None));

        Assert.Equal((2, 16), (restored.LiveNumber, await LiveRadiusAsync()));
        var revisions = AnswerOf(await StudioOf(Host).ListRevisionsAsync(session, before: null, CancellationToken.None));
        Assert.Equal([(2, true), (1, false)], revisions.Select(revision => (revision.Number, revision.IsLive)));
        Assert.Equal([1], AnswerOf(await StudioOf(Host).ListRevisionsAsync(session, before: 2, CancellationToken.None)).Select(revision => revision.Number));
        Assert.Equal(
            [new AuditDifference("cornerRadius", "0", "16")],
            AnswerOf(await StudioOf(Host).CompareAsync(session, revisions[1].Id, revisions[0].Id, CancellationToken.None)));
        var audited = await ReadAsync(database => database.SecurityEvents.Where(e => e.Differences != null).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal([SecurityEventKind.BrandingPublished, SecurityEventKind.BrandingRestored], audited.Select(e => e.Kind));
        Assert.Equal([new AuditDifference("cornerRadius", "16", "0")], audited[0].Differences);
        Assert.All(audited, e => Assert.Equal(User.Id, e.ActorId));
    }

    [Fact]
    public async Task Draft_OfTwoAdministratorsAtOnce_IsOfTheFirstAndTheSecondIsTold()
    {
        var session = await AdministratorAsync();

        foreach (var version in (int[])[0, 1])
        {
            var changes = await Task.WhenAll(
                Task.Run(() => StudioOf(Host).SaveAsync(session, Round, version, CancellationToken.None)),
                Task.Run(() => StudioOf(AddHost()).SaveAsync(session, Square, version, CancellationToken.None)));

            var done = Assert.Single(changes.Select(AnswerOf).OfType<BrandingChange.Done>());
            var conflict = Assert.Single(changes.Select(AnswerOf).OfType<BrandingChange.Conflict>());
            Assert.Equal((version + 1, version + 1), (done.Standing.Version, conflict.Standing.Version));
            Assert.Equal(done.Standing.Document.CornerRadius, (await StandingAsync(session)).Document.CornerRadius);
        }

        Assert.IsType<BrandingChange.Conflict>(AnswerOf(await StudioOf(Host).DiscardAsync(session, 1, CancellationToken.None)));
        Assert.Equal(0, DoneOf(await StudioOf(Host).DiscardAsync(session, 2, CancellationToken.None)).Version);
    }

    [Fact]
    public async Task Publishing_TwiceAtOnce_PublishesOnce()
    {
        var session = await AdministratorAsync();
        DoneOf(await StudioOf(Host).SaveAsync(session, Round, 0, CancellationToken.None));

        var changes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => StudioOf(AddHost()).PublishAsync(session, 1, null, CancellationToken.None))));

        Assert.Single(changes.Select(AnswerOf).OfType<BrandingChange.Done>());
        Assert.Equal(3, changes.Select(AnswerOf).OfType<BrandingChange.Conflict>().Count());
        Assert.Equal((1, 1), (await ReadAsync(database => database.BrandingRevisions.CountAsync()), (await StandingAsync(session)).LiveNumber));
    }

    [Fact]
    public async Task Publishing_OverSomethingThatTheAdministratorHasNotSeen_IsAConflictAndKeepsTheDraft()
    {
        var session = await AdministratorAsync();
        var draft = DoneOf(await StudioOf(Host).SaveAsync(session, Round, 0, CancellationToken.None));
        DoneOf(await StudioOf(Host).RestoreAsync(session, null, null, CancellationToken.None));

        var conflict = Assert.IsType<BrandingChange.Conflict>(AnswerOf(
            await StudioOf(Host).PublishAsync(session, draft.Version, draft.LiveRevisionId, CancellationToken.None)));

        Assert.True(conflict.Standing.IsOvertaken);
        Assert.Equal(30, conflict.Standing.Document.CornerRadius);
        Assert.Equal(
            30, DoneOf(await StudioOf(Host).PublishAsync(session, draft.Version, conflict.Standing.LiveRevisionId, CancellationToken.None)).Live.CornerRadius);
    }

    [Fact]
    public async Task Draft_ThatCannotBeRead_IsKeptAndNotPublished()
    {
        var session = await AdministratorAsync();
        var pale = Branding.Default with { Light = Branding.Default.Light with { Accent = "#ffee00" } };

        var draft = DoneOf(await StudioOf(Host).SaveAsync(session, pale, 0, CancellationToken.None));

        Assert.Contains(draft.Problems, problem => problem is { Path: "light.accent", Contrast.Suggestion: not null });
        Assert.IsType<BrandingChange.Invalid>(AnswerOf(await StudioOf(Host).PublishAsync(session, 1, null, CancellationToken.None)));
        Assert.IsType<BrandingChange.Invalid>(AnswerOf(
            await StudioOf(Host).SaveAsync(session, pale with { CustomStyles = "body{}" }, 1, CancellationToken.None)));
        Assert.Equal(1, (await StandingAsync(session)).Version);
    }

    [Fact]
    public async Task Revision_OfAnotherTenant_IsNone()
    {
        var session = await AdministratorAsync();
        DoneOf(await StudioOf(Host).SaveAsync(session, Round, 0, CancellationToken.None));
        var revision = DoneOf(await StudioOf(Host).PublishAsync(session, 1, null, CancellationToken.None)).LiveRevisionId;
        await GivenAsync(PortalRole.TenantAdministrator, "globex");
        var other = await AsAdministratorAsync();

        Assert.IsType<BrandingChange.NotFound>(AnswerOf(await StudioOf(Host).RestoreAsync(other, revision, null, CancellationToken.None)));
        Assert.Null(Assert.IsType<AdministrationResult<Branding?>.Answered>(
            await StudioOf(Host).FindRevisionAsync(other, revision!.Value, CancellationToken.None)).Value);
        Assert.Empty(AnswerOf(await StudioOf(Host).ListRevisionsAsync(other, null, CancellationToken.None)));
        Assert.Equal(0, (await StandingAsync(other)).LiveNumber);
    }

    private static BrandingStudio StudioOf(LoginPortal.Testing.CoreHost host) => host.Services.GetRequiredService<BrandingStudio>();

    private static BrandingStanding DoneOf(AdministrationResult<BrandingChange> result) => Assert.IsType<BrandingChange.Done>(AnswerOf(result)).Standing;

    private async Task<AdministratorSession> AdministratorAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        return await AsAdministratorAsync();
    }

    private async Task<BrandingStanding> StandingAsync(AdministratorSession session) =>
        AnswerOf(await StudioOf(Host).ShowAsync(session, CancellationToken.None));

    /// <summary>As the next page that is loaded has it.</summary>
    private async Task<int> LiveRadiusAsync()
    {
        await using var scope = Host.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByIdAsync(Tenant.Id, CancellationToken.None))!.Branding.CornerRadius;
    }
}
