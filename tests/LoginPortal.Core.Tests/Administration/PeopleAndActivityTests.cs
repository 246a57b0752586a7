using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class PeopleAndActivitySqliteTests() : PeopleAndActivityTests(DatabaseProvider.Sqlite);

public sealed class PeopleAndActivityPostgreSqlTests() : PeopleAndActivityTests(DatabaseProvider.PostgreSql);

/// <summary>What administrators see of a person, of invitations and of what happened.</summary>
public abstract class PeopleAndActivityTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private const string Member = "member@acme.example";

    [Fact]
    public async Task Dossier_OfAMember_HasTheirSessionsAndEvents_AndOneSessionCanBeEnded()
    {
        var session = await GivenAdministratorAsync();
        var member = await Host.CreateUserAsync(Tenant, Member, RightPassword);
        var first = await SignInAsync();
        await SignInAsync();

        var dossier = await ShowAsync(session, member.Id);
        Assert.Equal((Member, 2, false, PortalRole.TenantAdministrator), (dossier.Account.Summary.Address, dossier.Sessions.Count, dossier.IsOwn, dossier.AdministratorRole));
        Assert.Equal([SecurityEventKind.SignIn, SecurityEventKind.SignIn], dossier.Events.Select(e => e.Event.Kind));
        Assert.Equal(Member, dossier.Events[0].Actor);

        var accounts = Host.Services.GetRequiredService<AccountAdministration>();
        Assert.IsType<AccountResult.Done>(AnswerOf(await accounts.EndSessionAsync(session, member.Id, first, CancellationToken.None)));
        Assert.IsType<AccountResult.Done>(AnswerOf(await accounts.EndSessionAsync(session, member.Id, first, CancellationToken.None)));

        // Somebody else's session, under the member's name: it stays.
        Assert.IsType<AccountResult.Done>(AnswerOf(await accounts.EndSessionAsync(session, member.Id, session.SessionId, CancellationToken.None)));
        Assert.DoesNotContain((await ShowAsync(session, member.Id)).Sessions, device => device.SessionId == first);
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.SessionEnded && e.ActorId == User.Id)));
        Assert.Single(await Host.Services.ReadMailsAsync(Member));
        Assert.Null(AnswerOf(await Host.Services.GetRequiredService<AccountDossiers>().ShowAsync(session, Guid.NewGuid(), CancellationToken.None)));
    }

    [Fact]
    public async Task Invitation_ResentAndWithdrawn_WorksByTheNewestLinkAndThenByNone()
    {
        var session = await GivenAdministratorAsync();
        var pending = Host.Services.GetRequiredService<PendingInvitations>();
        Assert.IsType<AccountResult.Invited>(AnswerOf(await Host.Services.GetRequiredService<AccountOpening>()
            .InviteAsync(session, "new@acme.example", PortalRole.Member, CancellationToken.None)));
        var invitation = Assert.Single(AnswerOf(await pending.ListAsync(session, cursor: null, CancellationToken.None))!.Items);
        Assert.Equal(("new@acme.example", Address, false), (invitation.Address, invitation.InvitedBy, invitation.IsOver));

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<AccountResult.Invited>(AnswerOf(await pending.ResendAsync(session, invitation.Id, CancellationToken.None)));
        Assert.Equal(2, (await Host.Services.ReadMailsAsync("new@acme.example")).Count);
        Assert.IsType<AccountResult.NotFound>(AnswerOf(await pending.WithdrawAsync(session, invitation.Id, CancellationToken.None)));
        var resent = Assert.Single(AnswerOf(await pending.ListAsync(session, cursor: null, CancellationToken.None))!.Items);
        Assert.IsType<AccountResult.Withdrawn>(AnswerOf(await pending.WithdrawAsync(session, resent.Id, CancellationToken.None)));

        Assert.Empty(AnswerOf(await pending.ListAsync(session, cursor: null, CancellationToken.None))!.Items);
        Assert.Equal(0, await ReadAsync(database => database.OneTimeLinks.CountAsync()));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.InvitationWithdrawn && e.ActorId == User.Id)));
        Assert.Null(AnswerOf(await pending.ListAsync(session, "made-up", CancellationToken.None)));
    }

    [Fact]
    public async Task Invitation_OfAnOperator_IsTakenBackByOperatorsAlone()
    {
        await GivenAsync(PortalRole.TenantAdministrator, TenantSlug.Platform);
        var session = await AsAdministratorAsync();
        await Host.Services.GetRequiredService<Invitations>().InviteAsync(
            Tenant.Id, invitedBy: null, "olga@portal.example", PortalRole.PlatformOperator, RequestFacts.Portal, CancellationToken.None);
        var pending = Host.Services.GetRequiredService<PendingInvitations>();
        var invitation = Assert.Single(AnswerOf(await pending.ListAsync(session, cursor: null, CancellationToken.None))!.Items);

        Assert.IsType<AccountResult.NotAllowed>(AnswerOf(await pending.WithdrawAsync(session, invitation.Id, CancellationToken.None)));
        Assert.IsType<AccountResult.NotAllowed>(AnswerOf(await pending.ResendAsync(session, invitation.Id, CancellationToken.None)));

        Assert.Single(AnswerOf(await pending.ListAsync(session, cursor: null, CancellationToken.None))!.Items);
    }

    [Fact]
    public async Task Statistics_CountByDayOfUtc_WhatHappenedInTheTenant()
    {
        var session = await GivenAdministratorAsync();
        await Host.CreateUserAsync(Tenant, Member, RightPassword);
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        await NewBrowser().SignInAsync(Member, OtherPassword);
        await SignInAsync();
        var start = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        await AddEventsAsync(
            (SecurityEventKind.SignIn, start, "pwd+otp+mfa"),
            (SecurityEventKind.SignIn, start.AddMilliseconds(-1), "swk+user+mfa"),
            (SecurityEventKind.SignIn, start.AddDays(-6), "otp"),
            (SecurityEventKind.SignIn, start.AddDays(-6).AddMilliseconds(-1), "pwd"),
            (SecurityEventKind.PasskeyAdded, start.AddDays(-1), null));
        var other = await Host.CreateTenantAsync("globex");
        await Host.CreateUserAsync(other, Member, RightPassword);
        await new Browser(Host, other).SignInAsync(Member, RightPassword);

        var statistics = Host.Services.GetRequiredService<SignInStatistics>();
        var days = AnswerOf(await statistics.CountAsync(session, 7, CancellationToken.None));

        Assert.Equal(Enumerable.Range(-6, 7).Select(today.AddDays), days.Select(day => day.Day));
        Assert.Equal((2, 1, 1, 1), (days[6].SignIns, days[6].Failures, days[6].ByPassword, days[6].ByPasswordAndCode));
        Assert.Equal((1, 1, 1), (days[5].SignIns, days[5].ByPasskey, days[5].NewPasskeys));
        Assert.Equal((1, 1, 4), (days[0].SignIns, days[0].ByEmailCode, days.Sum(day => day.SignIns)));
        Assert.Equal(5, AnswerOf(await statistics.CountAsync(session, 90, CancellationToken.None)).Sum(day => day.SignIns));
        Assert.Equal(7, AnswerOf(await statistics.CountAsync(session, 1_000_000, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Audit_OfAPersonAndANetwork_IsReadByAddress()
    {
        var session = await GivenAdministratorAsync();
        var member = await Host.CreateUserAsync(Tenant, Member, RightPassword);
        await SignInAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Host.Services.GetRequiredService<AccountAdministration>().DisableAsync(session, member.Id, CancellationToken.None);
        var trail = Host.Services.GetRequiredService<AuditTrail>();

        var done = await AuditAsync(new AuditQuery(), new AuditPerson($" {Member.ToUpperInvariant()} ", IsActor: false));
        Assert.Equal([SecurityEventKind.AccountDisabled, SecurityEventKind.SignIn], done.Events.Select(e => e.Event.Kind));
        Assert.Equal((Member, Address), (done.Events[0].Subject, done.Events[0].Actor));
        Assert.Equal(SecurityEventKind.AccountDisabled, Assert.Single((await AuditAsync(new AuditQuery(), new AuditPerson(Address, IsActor: true))).Events).Event.Kind);
        Assert.Equal(2, (await AuditAsync(new AuditQuery { IpAddress = Browser.Facts.IpAddress }, null)).Events.Count);
        Assert.Empty((await AuditAsync(new AuditQuery { IpAddress = "203.0.113.77" }, null)).Events);
        Assert.True((await AuditAsync(new AuditQuery(), new AuditPerson("nobody@acme.example", IsActor: false))).IsPersonUnknown);
        Assert.True((await AuditAsync(new AuditQuery { Cursor = "made-up" }, null)).IsCursorUnknown);
        var exported = 0;
        AnswerOf(await trail.ExportAsync(
            session,
            new AuditQuery(),
            async (events, cancellation) =>
            {
                await foreach (var _ in events.WithCancellation(cancellation))
                {
                    exported++;
                }
            },
            CancellationToken.None,
            new AuditPerson(Member, IsActor: false)));
        Assert.Equal(2, exported);

        async Task<AuditView> AuditAsync(AuditQuery query, AuditPerson? person) => AnswerOf(await trail.ShowAsync(session, query, person, CancellationToken.None));
    }

    private async Task<AdministratorSession> GivenAdministratorAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        return await AsAdministratorAsync();
    }

    private async Task<Guid> SignInAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        var done = Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Member, RightPassword));
        await using var scope = Host.OpenTenant(Tenant);
        await scope.Database.Sessions.Where(s => s.Id == done.SessionId).ExecuteUpdateAsync(update => update.SetProperty(s => s.TokenHash, Secret.Hash(Secret.Create())));
        return done.SessionId;
    }

    private async Task AddEventsAsync(params (string Kind, DateTimeOffset At, string? Reason)[] events)
    {
        await using var scope = Host.OpenTenant(Tenant);
        scope.Database.SecurityEvents.AddRange(events.Select(e => new SecurityEvent
        {
            Id = Guid.CreateVersion7(e.At), TenantId = Tenant.Id, OccurredAt = e.At, Kind = e.Kind, Outcome = SecurityEventOutcome.Success, Reason = e.Reason,
        }));
        await scope.Database.SaveChangesAsync();
    }

    private async Task<AccountDossier> ShowAsync(AdministratorSession session, Guid userId) =>
        AnswerOf(await Host.Services.GetRequiredService<AccountDossiers>().ShowAsync(session, userId, CancellationToken.None))!;
}
