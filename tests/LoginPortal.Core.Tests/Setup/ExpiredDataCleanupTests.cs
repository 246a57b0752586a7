using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Setup;

public sealed class ExpiredDataCleanupSqliteTests() : ExpiredDataCleanupTests(DatabaseProvider.Sqlite);

public sealed class ExpiredDataCleanupPostgreSqlTests() : ExpiredDataCleanupTests(DatabaseProvider.PostgreSql);

public abstract class ExpiredDataCleanupTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunOnce_RowsOnEitherSideOfTheirLimit_DeletesOnlyThoseThatAreOver()
    {
        var user = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var now = Clock.GetUtcNow();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            foreach (var (mark, shift) in ((string, TimeSpan)[])[("kept", Moment), ("over", TimeSpan.Zero)])
            {
                var session = NewSession(user.Id, mark, now - TimeSpan.FromDays(30) + shift);
                var holder = NewSession(user.Id, mark + "-holder", now + TimeSpan.FromDays(1));
                scope.Database.AddRange(
                    session,
                    holder,
                    new HandoffTicket
                    {
                        TicketHash = mark, TenantId = Tenant.Id, FlowId = Guid.NewGuid(), SessionId = holder.Id, BindingHash = "", ExpiresAt = now + shift,
                    },
                    new OneTimeLink { TokenHash = mark, TenantId = Tenant.Id, Purpose = "test", CreatedAt = now, ExpiresAt = now + shift },
                    new FlowRecord
                    {
                        Id = Guid.NewGuid(), TenantId = Tenant.Id, BindingHash = mark, CreatedAt = now, ExpiresAt = now - TimeSpan.FromDays(1) + shift,
                    },
                    new SpentChallenge { ChallengeHash = mark, TenantId = Tenant.Id, ExpiresAt = now + shift },
                    NewCounter(mark, 4, now - TimeSpan.FromDays(1) + shift),
                    NewMail($"{mark}-sent", now, sentAt: now - TimeSpan.FromDays(30) + shift, parkedAt: null),
                    NewMail($"{mark}-parked", now, sentAt: null, parkedAt: now - TimeSpan.FromDays(30) + shift),
                    new MailAllowance { TenantId = Tenant.Id, Purpose = "test", Subject = mark, Last = now - MailAllowance.Window + shift });
            }

            // A mail that waits is kept however old it is.
            scope.Database.OutboxMails.Add(NewMail("waiting", now - TimeSpan.FromDays(400), sentAt: null, parkedAt: null));

            // Whoever is being slowed down, or ended, stays so.
            scope.Database.AttemptCounters.Add(NewCounter("slowed", AttemptReservations.FreeAttempts, now - TimeSpan.FromDays(400)));
            await scope.Database.SaveChangesAsync();
        }

        await CleanupOf(Host).RunOnceAsync(CancellationToken.None);

        await using var after = Host.OpenTenant(Tenant);
        Assert.Equal(["kept"], await after.Database.HandoffTickets.Select(ticket => ticket.TicketHash).ToListAsync());
        Assert.Equal(["kept"], await after.Database.SpentChallenges.Select(challenge => challenge.ChallengeHash).ToListAsync());
        Assert.Equal(["kept"], await after.Database.OneTimeLinks.Select(link => link.TokenHash).ToListAsync());
        Assert.Equal(["kept-parked", "kept-sent", "waiting"], await after.Database.OutboxMails.Select(mail => mail.Subject).Order().ToListAsync());
        Assert.Equal(["kept"], await after.Database.MailAllowances.Select(allowance => allowance.Subject).ToListAsync());
        Assert.Equal(["kept"], await after.Database.Flows.Select(flow => flow.BindingHash).ToListAsync());
        Assert.Equal(["kept", "slowed"], await after.Database.AttemptCounters.Select(counter => counter.Subject).Order().ToListAsync());
        Assert.Equal(["kept", "kept-holder", "over-holder"], await after.Database.Sessions.Select(s => s.DeviceLabel).Order().ToListAsync());
        Assert.Equal(1, await after.Database.Users.CountAsync());
    }

    [Fact]
    public async Task RunOnce_OnTwoNodesAtOnce_Succeeds()
    {
        await NewBrowser().IdentifyAsync(Address);
        Clock.Advance(TimeSpan.FromDays(2));
        var nodes = new[] { Host, AddHost(), Host };

        await Task.WhenAll(nodes.Select(node => Task.Run(() => CleanupOf(node).RunOnceAsync(CancellationToken.None))));

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.Flows.ToListAsync());
    }

    [Fact]
    public void Registration_Always_RunsItInTheBackground() => Assert.NotNull(CleanupOf(Host));

    private static ExpiredDataCleanup CleanupOf(CoreHost host) => host.Services.GetServices<IHostedService>().OfType<ExpiredDataCleanup>().Single();

    private OutboxMail NewMail(string subject, DateTimeOffset createdAt, DateTimeOffset? sentAt, DateTimeOffset? parkedAt) => new()
    {
        Id = Guid.NewGuid(),
        TenantId = Tenant.Id,
        Recipient = Address,
        SenderName = "",
        Subject = subject,
        ProtectedContent = [1],
        CreatedAt = createdAt,
        NextAttemptAt = createdAt,
        SentAt = sentAt,
        ParkedAt = parkedAt,
    };

    private AttemptCounter NewCounter(string subject, int failures, DateTimeOffset last) =>
        new() { TenantId = Tenant.Id, Factor = AttemptFactor.Password, Subject = subject, Failures = failures, LastAttemptAt = last };

    private Session NewSession(Guid userId, string label, DateTimeOffset expiresAt) => new()
    {
        Id = Guid.NewGuid(),
        TenantId = Tenant.Id,
        UserId = userId,
        CreatedAt = expiresAt,
        AuthenticatedAt = expiresAt,
        LastSeenAt = expiresAt,
        ExpiresAt = expiresAt,
        IdleSeconds = 1,
        IsRemembered = false,
        AuthenticationMethods = [],
        AuthenticationContextClass = "",
        DeviceLabel = label,
    };
}
