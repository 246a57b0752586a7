using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.AddressChanges;

public sealed class AddressChangeSqliteTests() : AddressChangeTests(DatabaseProvider.Sqlite);

public sealed class AddressChangePostgreSqlTests() : AddressChangeTests(DatabaseProvider.PostgreSql);

public abstract class AddressChangeTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private const string NewAddress = "ada@new.example";

    [Fact]
    public async Task Change_ConfirmedAtTheNewAddress_IsToldAtTheOldOne()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var token = await AskedAsync(session);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.Equal(new AddressChangeView(Address, NewAddress), await LinksOf(Host).FindAsync(Tenant.Id, token, CancellationToken.None));

        Assert.True(await ConfirmAsync(token));

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(NewAddress, RightPassword));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        Assert.Equal("Your account has another address", Assert.Single(await MailsAsync(Address)).Subject);
        Assert.False(await ConfirmAsync(token));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.AddressChanged)));
    }

    [Fact]
    public async Task Change_TakenBack_EndsWhatTheIntruderHasAndLeadsToANewPassword()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await ConfirmAsync(await AskedAsync(session));
        var undo = (await MailsAsync(Address))[^1].Token;
        Assert.Equal(new AddressChangeView(Address, NewAddress), await LinksOf(Host).FindUndoAsync(Tenant.Id, undo, CancellationToken.None));
        Clock.Advance(AddressChangeLinks.UndoLifetime - TimeSpan.FromMinutes(1));

        Assert.True(await UndoAsync(undo));

        Assert.Equal(
            SessionEndReason.AddressChangeUndone,
            await ReadAsync(database => database.Sessions.Where(s => s.Id == session).Select(s => s.EndReason).SingleAsync()));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(NewAddress, RightPassword)));
        var reset = (await MailsAsync(Address))[^1];
        Assert.IsType<PasswordResetResult.Done>(await Host.Services.GetRequiredService<PasswordRecovery>()
            .ResetAsync(Tenant.Id, reset.Token, OtherPassword, Browser.Facts, CancellationToken.None));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
        Assert.False(await UndoAsync(undo));
    }

    [Fact]
    public async Task Undo_PasskeyThatCameWithTheChange_IsRemovedAndTheOwnersStays()
    {
        await GivenAsync();
        await AddPasskeyAsync(1);
        Clock.Advance(TimeSpan.FromDays(2));
        await AddPasskeyAsync(2);
        await ConfirmAsync(await AskedAsync(await SignedInAsync()));
        await AddPasskeyAsync(3);

        Assert.True(await UndoAsync((await MailsAsync(Address))[^1].Token));
        Assert.Equal(1, Assert.Single(await ReadAsync(database => database.Passkeys.ToListAsync())).CredentialId[0]);
    }

    [Fact]
    public async Task Undo_After72Hours_IsRefused()
    {
        await GivenAsync();
        await ConfirmAsync(await AskedAsync(await SignedInAsync()));
        var undo = (await MailsAsync(Address))[^1].Token;
        Clock.Advance(AddressChangeLinks.UndoLifetime);

        Assert.False(await UndoAsync(undo));
    }

    [Fact]
    public async Task Undo_AfterAFurtherChange_StillLeadsBack()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await ConfirmAsync(await AskedAsync(session));
        var undo = (await MailsAsync(Address))[^1].Token;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await ConfirmAsync(await AskedAsync(session, "ada@third.example"));

        Assert.True(await UndoAsync(undo));
        Assert.Equal(Address, await ReadAsync(database => database.Users.Select(user => user.Email).SingleAsync()));
    }

    [Fact]
    public async Task Undo_OfALaterChange_IsRefusedOnceTheOwnerHasTakenTheAccountBack()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await ConfirmAsync(await AskedAsync(session));
        var owners = (await MailsAsync(Address))[^1].Token;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await ConfirmAsync(await AskedAsync(session, "ada@third.example"));
        var intruders = (await MailsAsync(NewAddress))[^1].Token;
        Assert.True(await UndoAsync(owners));

        Assert.False(await UndoAsync(intruders));
        Assert.Equal(Address, await ReadAsync(database => database.Users.Select(user => user.Email).SingleAsync()));
    }

    [Fact]
    public async Task Confirm_AfterThePasswordWasChanged_IsRefused()
    {
        await GivenAsync();
        var token = await AskedAsync(await SignedInAsync());
        var recovery = Host.Services.GetRequiredService<PasswordRecovery>();
        await recovery.RequestAsync(Tenant.Id, Address, Browser.Facts, CancellationToken.None);
        var reset = (await MailsAsync(Address))[^1].Token;
        Assert.IsType<PasswordResetResult.Done>(await recovery.ResetAsync(Tenant.Id, reset, OtherPassword, Browser.Facts, CancellationToken.None));

        Assert.False(await ConfirmAsync(token));
    }

    [Fact]
    public async Task Confirm_InParallelOnTwoNodes_SucceedsExactlyOnce()
    {
        await GivenAsync();
        var token = await AskedAsync(await SignedInAsync());
        var nodes = new[] { Host, AddHost(), Host, AddHost() };

        var results = await Task.WhenAll(nodes.Select(node => Task.Run(() =>
            LinksOf(node).ConfirmAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None))));

        Assert.Single(results, confirmed => confirmed);
        Assert.Single(await MailsAsync(Address));
    }

    [Fact]
    public async Task Confirm_AddressThatWasTakenMeanwhile_IsRefusedAndChangesNothing()
    {
        await GivenAsync();
        var token = await AskedAsync(await SignedInAsync());
        await Host.CreateUserAsync(Tenant, NewAddress, OtherPassword);

        Assert.False(await ConfirmAsync(token));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task Request_ForAnAddressThatIsTaken_AnswersAlikeAndTellsItsOwner()
    {
        await GivenAsync();
        await Host.CreateUserAsync(Tenant, "other@acme.example", OtherPassword);

        Assert.IsType<AddressChangeResult.Sent>(await RequestAsync(await SignedInAsync(), "other@acme.example"));
        Assert.Equal("Somebody wants to use your address", Assert.Single(await MailsAsync("other@acme.example")).Subject);
    }

    [Fact]
    public async Task Request_AgainOrElsewhere_EndsTheLinkBefore()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var first = await AskedAsync(session);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await AskedAsync(session, "ada@third.example");

        Assert.False(await ConfirmAsync(first));
        Assert.True(await ConfirmAsync(second));
    }

    [Fact]
    public async Task Request_WhatCannotBe_IsRefused()
    {
        await GivenAsync();
        var session = await SignedInAsync();

        Assert.IsType<AddressChangeResult.AddressMalformed>(await RequestAsync(session, "nobody"));
        Assert.IsType<AddressChangeResult.Unchanged>(await RequestAsync(session, Address.ToUpperInvariant()));
        Assert.IsType<AddressChangeResult.SignedOut>(await RequestAsync(Guid.NewGuid(), NewAddress));
        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));
        Assert.IsType<AddressChangeResult.SignInNeeded>(await RequestAsync(session, NewAddress));
    }

    private async Task AddPasskeyAsync(byte credential)
    {
        await using var scope = Host.OpenTenant(Tenant);
        scope.Database.Passkeys.Add(new Passkey
        {
            Id = Guid.NewGuid(), TenantId = Tenant.Id, UserId = User.Id, CredentialId = [credential], PublicKey = [1], SignCount = 0, Transports = [],
            Aaguid = Guid.Empty, Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = false, IsBackedUp = false,
            CreatedAt = Clock.GetUtcNow(),
        });
        await scope.Database.SaveChangesAsync();
    }

    private static AddressChangeLinks LinksOf(CoreHost host) => host.Services.GetRequiredService<AddressChangeLinks>();

    private Task<AddressChangeResult> RequestAsync(Guid session, string address) =>
        Host.Services.GetRequiredService<AddressChanging>().RequestAsync(Tenant.Id, session, address, Browser.Facts, CancellationToken.None);

    /// <summary>Asks for another address.</summary>
    /// <returns>The token of the link that is mailed there.</returns>
    private async Task<string> AskedAsync(Guid session, string address = NewAddress)
    {
        Assert.IsType<AddressChangeResult.Sent>(await RequestAsync(session, address));
        return (await MailsAsync(address))[^1].Token;
    }

    private Task<bool> ConfirmAsync(string token) => LinksOf(Host).ConfirmAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None);

    private Task<bool> UndoAsync(string token) => LinksOf(Host).UndoAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None);

    private async Task<IReadOnlyList<ReceivedMail>> MailsAsync(string address)
    {
        await Host.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);
        return await Host.Services.ReadMailsAsync(address);
    }
}
