using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Registration;

public sealed class InvitationSqliteTests() : InvitationTests(DatabaseProvider.Sqlite);

public sealed class InvitationPostgreSqlTests() : InvitationTests(DatabaseProvider.PostgreSql);

public abstract class InvitationTests(DatabaseProvider provider) : RegistrationTestBase(provider)
{
    [Fact]
    public async Task Invitation_Accepted_MakesAConfirmedAccountWithItsRoleAtAClosedTenant()
    {
        await GivenAsync();
        Assert.Equal(InvitationResult.Sent, await InviteAsync(role: PortalRole.TenantAdministrator));
        var mail = Assert.Single(await MailsAsync());
        Assert.Equal("You are invited to Tenant acme", mail.Subject);
        Assert.Equal(NewAddress, await InvitationsOf(Host).FindAddressAsync(Tenant.Id, mail.Token, CancellationToken.None));

        Assert.IsType<RegistrationResult.Done>(await AcceptAsync(mail.Token, Form with { Address = "ignored@elsewhere.example" }));

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(NewAddress, OtherPassword));
        var user = await ReadAsync(database => database.Users.AsNoTracking().SingleAsync(u => u.Email == NewAddress));
        Assert.Equal((PortalRole.TenantAdministrator, true, "Grace"), (user.Role, user.EmailConfirmed, user.GivenName));
        Assert.IsType<RegistrationResult.Closed>(await AcceptAsync(mail.Token, Form));
    }

    [Fact]
    public async Task Accept_InParallelOnTwoNodes_SucceedsExactlyOnce()
    {
        await GivenAsync();
        await InviteAsync();
        var token = (await MailsAsync())[0].Token;
        var nodes = new[] { Host, AddHost(), Host, AddHost() };

        var results = await Task.WhenAll(nodes.Select(node => Task.Run(() => AcceptAsync(token, Form, node))));

        Assert.Single(results.OfType<RegistrationResult.Done>());
        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync(user => user.Email == NewAddress)));
    }

    [Fact]
    public async Task Invite_Again_EndsTheLinkBefore()
    {
        await GivenAsync();
        await InviteAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await InviteAsync();
        var mails = await MailsAsync();

        Assert.IsType<RegistrationResult.Closed>(await AcceptAsync(mails[0].Token, Form));
        Assert.IsType<RegistrationResult.Done>(await AcceptAsync(mails[1].Token, Form));
    }

    [Fact]
    public async Task Invite_WhatCannotBe_IsRefused()
    {
        await GivenAsync();

        Assert.Equal(InvitationResult.AddressMalformed, await InviteAsync("nobody"));
        Assert.Equal(InvitationResult.AlreadyMember, await InviteAsync(Address.ToUpperInvariant()));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => InviteAsync(role: PortalRole.PlatformOperator));
        for (var mail = 0; mail < MailAllowance.MailsAnHour; mail++)
        {
            await InviteAsync();
        }

        Assert.Equal(InvitationResult.TooManyMails, await InviteAsync());
    }

    [Fact]
    public async Task Accept_WithAPasswordOrFieldsThatMayNotBe_SaysWhyAndLeavesTheLink()
    {
        await GivenAsync(new TenantPolicy { Registration = new RegistrationPolicy { Names = FieldRequirement.Required, AllowedDomains = ["acme.example"] } });
        await InviteAsync();
        var token = (await MailsAsync())[0].Token;

        var refused = Assert.IsType<RegistrationResult.Refused>(await AcceptAsync(token, new RegistrationForm { Password = "short" }));
        Assert.Equal(["given-name", "family-name"], refused.Fields.Select(problem => problem.Field));
        Assert.Contains(PasswordProblem.TooShort, refused.Password);
        Assert.IsType<RegistrationResult.Done>(await AcceptAsync(token, Form));
    }

    [Fact]
    public async Task Accept_AfterAWeekOrAtAnotherTenant_IsRefused()
    {
        await GivenAsync();
        var other = await Host.CreateTenantAsync("globex");
        await InviteAsync();
        var token = (await MailsAsync())[0].Token;

        Assert.IsType<RegistrationResult.Closed>(
            await InvitationsOf(Host).AcceptAsync(other.Id, token, Form, Browser.Facts, CancellationToken.None));
        Clock.Advance(Invitations.Lifetime);
        Assert.IsType<RegistrationResult.Closed>(await AcceptAsync(token, Form));
    }

    [Fact]
    public async Task Accept_WhereSomebodyOpenedAnAccountUnconfirmed_TakesItsPlace()
    {
        await GivenAsync(Open);
        await RegisteredAsync(Form with { Password = RightPassword });
        Clock.Advance(TimeSpan.FromSeconds(1));
        await InviteAsync();

        Assert.IsType<RegistrationResult.Done>(await AcceptAsync((await MailsAsync())[^1].Token, Form));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(NewAddress, RightPassword)));
    }

    private static Invitations InvitationsOf(CoreHost host) => host.Services.GetRequiredService<Invitations>();

    private Task<InvitationResult> InviteAsync(string address = NewAddress, PortalRole role = PortalRole.Member) =>
        InvitationsOf(Host).InviteAsync(Tenant.Id, User.Id, address, role, Browser.Facts, CancellationToken.None);

    private Task<RegistrationResult> AcceptAsync(string token, RegistrationForm form, CoreHost? host = null) =>
        InvitationsOf(host ?? Host).AcceptAsync(Tenant.Id, token, form, Browser.Facts, CancellationToken.None);
}
