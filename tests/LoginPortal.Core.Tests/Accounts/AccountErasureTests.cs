using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class AccountErasureSqliteTests() : AccountErasureTests(DatabaseProvider.Sqlite);

public sealed class AccountErasurePostgreSqlTests() : AccountErasureTests(DatabaseProvider.PostgreSql);

public abstract class AccountErasureTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private AccountErasure Erasure => Host.Services.GetRequiredService<AccountErasure>();

    [Fact]
    public async Task Request_OwnAccount_ClosesItUntilTheLinkOpensItAgain()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        Assert.Equal(new ErasureResult.Ready(Address), await Erasure.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.Equal(new ErasureResult.NotConfirmed(Address), await RequestAsync(session, "somebody@acme.example"));

        var dueAt = Clock.GetUtcNow() + AccountErasure.Grace;
        Assert.Equal(new ErasureResult.Scheduled(dueAt), await RequestAsync(session, $" {Address.ToUpperInvariant()} "));

        Assert.IsType<ErasureResult.SignedOut>(await RequestAsync(session, Address));
        Assert.Equal(SessionEndReason.AccountErasure, await ReadAsync(database => database.Sessions.Select(s => s.EndReason).SingleAsync()));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        var mail = Assert.Single(await Host.Services.ReadMailsAsync(Address));
        Assert.Equal("Your account will be deleted", mail.Subject);
        Assert.Equal(new ErasureView(Address, dueAt), await Erasure.FindUndoAsync(Tenant.Id, mail.Token, CancellationToken.None));
        var globex = await Host.CreateTenantAsync("globex");
        Assert.Null(await Erasure.FindUndoAsync(globex.Id, mail.Token, CancellationToken.None));
        Assert.False(await Erasure.UndoAsync(globex.Id, mail.Token, Browser.Facts, CancellationToken.None));

        Clock.Advance(TimeSpan.FromDays(6));
        var undone = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => UndoAsync(mail.Token))));

        Assert.Single(undone, done => done);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.Equal("Your account stays", (await Host.Services.ReadMailsAsync(Address))[^1].Subject);
        Assert.Equal(
            [SecurityEventKind.ErasureRequested, SecurityEventKind.ErasureUndone],
            await ReadAsync(database => database.SecurityEvents.Where(e => e.Kind.StartsWith("erasure")).OrderBy(e => e.OccurredAt).Select(e => e.Kind).ToListAsync()));
    }

    [Fact]
    public async Task Request_WithoutAFreshSignIn_AsksForOne()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));

        Assert.IsType<ErasureResult.SignInNeeded>(await Erasure.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<ErasureResult.SignInNeeded>(await RequestAsync(session, Address));
        Assert.IsType<ErasureResult.SignInNeeded>(await Erasure.RequestAsync(Tenant.Id, session, Browser.Facts, CancellationToken.None));
        Assert.IsType<ErasureResult.SignedOut>(await RequestAsync(Guid.NewGuid(), Address));
    }

    [Fact]
    public async Task Request_ByTwoAdministratorsAtOnce_LeavesOne()
    {
        await GivenAsync(configure: user => user.Role = PortalRole.TenantAdministrator);
        var other = await Host.CreateUserAsync(Tenant, "admin@acme.example", OtherPassword, user => user.Role = PortalRole.TenantAdministrator);

        var results = await Task.WhenAll(new[] { User.Id, other.Id }.Select(id => Task.Run(() =>
            Erasure.RequestForAsync(Tenant.Id, id, id, Browser.Facts, CancellationToken.None))));

        Assert.Single(results, result => result is ErasureResult.Scheduled);
        Assert.Single(results, result => result is ErasureResult.LastAdministrator);
    }

    [Fact]
    public async Task RequestFor_SomebodyElse_TellsThemAndIsForAdministratorsToTakeBack()
    {
        await GivenAsync();
        var administrator = Guid.NewGuid();
        var first = Assert.IsType<ErasureResult.Scheduled>(await RequestForAsync(User.Id, administrator));
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(first, await RequestForAsync(User.Id, administrator));
        Assert.IsType<ErasureResult.NotFound>(await RequestForAsync(Guid.NewGuid(), administrator));
        Assert.DoesNotContain("http", Assert.Single(await Host.Services.ReadMailsAsync(Address)).Text, StringComparison.Ordinal);
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        Assert.True(await Erasure.CancelAsync(Tenant.Id, User.Id, administrator, Browser.Facts, CancellationToken.None));
        Assert.False(await Erasure.CancelAsync(Tenant.Id, User.Id, administrator, Browser.Facts, CancellationToken.None));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.Equal(2, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.ActorId == administrator && e.SubjectId == User.Id)));
    }

    [Fact]
    public async Task Cancel_AccountThatWasDisabledBefore_LeavesItDisabled()
    {
        await GivenAsync(configure: user => user.DisabledAt = user.CreatedAt.AddDays(-1));
        Assert.IsType<ErasureResult.Scheduled>(await RequestForAsync(User.Id, Guid.NewGuid()));

        Assert.True(await Erasure.CancelAsync(Tenant.Id, User.Id, Guid.NewGuid(), Browser.Facts, CancellationToken.None));
        Assert.NotNull(await ReadAsync(database => database.Users.Select(user => user.DisabledAt).SingleAsync()));
    }

    [Fact]
    public async Task Undo_OfAnAddressThatAnIntruderChangedBefore_KeepsTheAccount()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await Host.Services.GetRequiredService<AddressChanging>().RequestAsync(Tenant.Id, session, "intruder@evil.example", Browser.Facts, CancellationToken.None);
        await Host.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);
        var links = Host.Services.GetRequiredService<AddressChangeLinks>();
        Assert.True(await links.ConfirmAsync(
            Tenant.Id, (await Host.Services.ReadMailsAsync("intruder@evil.example"))[^1].Token, Browser.Facts, CancellationToken.None));
        Assert.IsType<ErasureResult.Scheduled>(await RequestAsync(session, "intruder@evil.example"));
        var intruders = (await Host.Services.ReadMailsAsync("intruder@evil.example"))[^1].Token;

        Assert.True(await links.UndoAsync(Tenant.Id, (await Host.Services.ReadMailsAsync(Address))[^1].Token, Browser.Facts, CancellationToken.None));

        var user = await ReadAsync(database => database.Users.SingleAsync());
        Assert.Equal((Address, null, null), (user.Email, user.DisabledAt, user.ErasureDueAt));
        Assert.False(await UndoAsync(intruders));
    }

    private Task<ErasureResult> RequestAsync(Guid session, string typed) =>
        Erasure.RequestAsync(Tenant.Id, session, typed, Browser.Facts, CancellationToken.None);

    private Task<ErasureResult> RequestForAsync(Guid user, Guid administrator) =>
        Erasure.RequestForAsync(Tenant.Id, user, administrator, Browser.Facts, CancellationToken.None);

    private Task<bool> UndoAsync(string token) => Erasure.UndoAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None);
}
