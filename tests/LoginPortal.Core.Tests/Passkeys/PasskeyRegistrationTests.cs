using System.Text;
using System.Text.Json.Nodes;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static LoginPortal.Testing.SoftwareAuthenticator;

namespace LoginPortal.Core.Tests.Passkeys;

public sealed class PasskeyRegistrationSqliteTests() : PasskeyRegistrationTests(DatabaseProvider.Sqlite);

public sealed class PasskeyRegistrationPostgreSqlTests() : PasskeyRegistrationTests(DatabaseProvider.PostgreSql);

public abstract class PasskeyRegistrationTests(DatabaseProvider provider) : PasskeyTestBase(provider)
{
    private static readonly Guid BitwardenId = new("d548826e-79b4-db40-a3d8-11116f7e8349");

    [Fact]
    public async Task Add_OnTheAccountPage_IsNamedAuditedAndMailed()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Aaguid = BitwardenId, Flags = UserPresent | UserVerified | BackupEligible };

        var added = await AddedAsync(authenticator);

        var passkey = Assert.Single(added.Items);
        Assert.Equal(("Bitwarden", true, true, (DateTimeOffset?)null), (passkey.Name, passkey.IsSynced, passkey.SignsInAlone, passkey.LastUsedAt));
        Assert.Null(added.RecoveryCodes);
        Assert.Equal([WebEncoders.Base64UrlEncode(authenticator.CredentialId)], added.Owner.CredentialIds);
        Assert.Equal(User.Id.ToString(), Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(added.Owner.UserId)));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PasskeyAdded)));
        Assert.Equal("A passkey was added to your account", Assert.Single(await Host.Services.ReadMailsAsync(Address)).Subject);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("rp id")]
    [InlineData("type")]
    [InlineData("challenge")]
    [InlineData("not present")]
    [InlineData("backed up, not eligible")]
    [InlineData("algorithm")]
    [InlineData("credential")]
    [InlineData("cut short")]
    public async Task Add_WrongAnswer_IsRefusedAndLeavesNothing(string what)
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        var answer = what switch
        {
            "origin" => new Answer { Origin = "https://evil.example" },
            "rp id" => new Answer { RpId = "evil.example" },
            "type" => new Answer { Type = "webauthn.get" },
            "challenge" => new Answer { Challenge = "AAAA" },
            "not present" => new Answer { Flags = UserVerified },
            "backed up, not eligible" => new Answer { Flags = UserPresent | UserVerified | BackupState },
            "algorithm" => new Answer { Algorithm = -65535 },
            "credential" => new Answer { CredentialId = [9, 9, 9] },
            "cut short" => new Answer { TruncateCbor = 3 },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        var refused = Assert.IsType<PasskeyAccountResult.Refused>(await AddAsync(authenticator, answer));

        Assert.Equal(RejectionCode.PasskeyNotAccepted, refused.Code);
        Assert.Equal(0, await ReadAsync(database => database.Passkeys.CountAsync()));
        Assert.Empty(await Host.Services.ReadMailsAsync(Address));
    }

    [Fact]
    public async Task Add_SameAuthenticatorAgain_IsSaidSo()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);

        Assert.Equal(RejectionCode.PasskeyAlreadyRegistered, Assert.IsType<PasskeyAccountResult.Refused>(await AddAsync(authenticator)).Code);
    }

    [Fact]
    public async Task Add_SameAnswerManyTimesAtOnce_IsTakenOnce()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        var (session, binding) = (await SignedInAsync(), Secret.Hash(Secret.Create()));
        var options = (await Account.BeginAsync(Tenant.Id, session, binding, isConditional: false, CancellationToken.None))!;
        var answer = new PasskeyAnswer(authenticator.Create(options.OptionsJson), options.Ceremony);

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(
            () => Account.AddAsync(Tenant.Id, session, binding, answer, Browser.Facts, CancellationToken.None))));

        Assert.Single(results.OfType<PasskeyAccountResult.Passkeys>());
        Assert.Equal(1, await ReadAsync(database => database.Passkeys.CountAsync()));
    }

    [Fact]
    public async Task Add_ByTheBrowserItself_MayLackTheUsersPresenceAndAsksForNothingMore()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Flags = UserPresent | UserVerified | BackupEligible | BackupState };
        var unattended = new Answer { Flags = BackupEligible | BackupState };
        Assert.IsType<PasskeyAccountResult.Refused>(await AddAsync(authenticator, unattended));

        Assert.Null(Assert.IsType<PasskeyAccountResult.Passkeys>(await AddAsync(authenticator, unattended, isConditional: true)).RecoveryCodes);

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));
    }

    [Fact]
    public async Task Add_WithoutAFreshSignIn_IsNotStarted()
    {
        await GivenAsync();
        var (session, binding) = (await SignedInAsync(), Secret.Hash(Secret.Create()));
        using var authenticator = new SoftwareAuthenticator();
        var options = (await Account.BeginAsync(Tenant.Id, session, binding, isConditional: false, CancellationToken.None))!;
        var answer = new PasskeyAnswer(authenticator.Create(options.OptionsJson), options.Ceremony);
        var other = await SignedInAsync();
        Assert.Equal(
            RejectionCode.PasskeyCeremonyEnded,
            Assert.IsType<PasskeyAccountResult.Refused>(await Account.AddAsync(Tenant.Id, other, binding, answer, Browser.Facts, CancellationToken.None)).Code);

        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));

        Assert.Null(await Account.BeginAsync(Tenant.Id, session, binding, isConditional: false, CancellationToken.None));
        Assert.IsType<PasskeyAccountResult.SignInNeeded>(await Account.PrepareAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<PasskeyAccountResult.SignInNeeded>(await Account.AddAsync(Tenant.Id, session, binding, answer, Browser.Facts, CancellationToken.None));
        Assert.IsType<PasskeyAccountResult.SignedOut>(await Account.ShowAsync(Tenant.Id, Guid.NewGuid(), CancellationToken.None));
    }

    [Fact]
    public async Task Options_ForANewPasskey_NameTheTenantAndLeaveOutWhatIsThere()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);

        var made = await Account.BeginAsync(Tenant.Id, await SignedInAsync(), "b", isConditional: false, CancellationToken.None);

        var options = JsonNode.Parse(made!.OptionsJson)!;
        Assert.Equal(("login.example.com", "Tenant acme"), (options["rp"]!["id"]!.GetValue<string>(), options["rp"]!["name"]!.GetValue<string>()));
        Assert.Equal(WebEncoders.Base64UrlEncode(authenticator.CredentialId), options["excludeCredentials"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("preferred", options["authenticatorSelection"]!["residentKey"]!.GetValue<string>());
        Assert.Equal("none", options["attestation"]!.GetValue<string>());
    }

    [Fact]
    public async Task Tenant_WithDomains_IsItsOwnRelyingPartyWithRelatedOrigins()
    {
        await GivenAsync();
        await using var scope = Host.OpenTenant(Tenant);
        foreach (var (host, isPrimary, isVerified) in (ReadOnlySpan<(string, bool, bool)>)[("login.acme.example", true, true), ("acme.example", false, true), ("stolen.example", false, false)])
        {
            scope.Database.TenantDomains.Add(new TenantDomain
            {
                Id = Guid.NewGuid(), TenantId = Tenant.Id, Host = host, IsPrimary = isPrimary, VerifiedAt = isVerified ? Clock.GetUtcNow() : null,
            });
        }

        await scope.Database.SaveChangesAsync();
        var profile = (await scope.Services.GetRequiredService<TenantDirectory>().FindByIdAsync(Tenant.Id, CancellationToken.None))!;

        var party = await scope.Services.GetRequiredService<RelyingParties>().OfAsync(profile, CancellationToken.None);

        Assert.Equal("login.acme.example", party.Id);
        Assert.Equal(["https://login.acme.example", "https://acme.example", "https://login.example.com"], party.Origins);
        using var authenticator = new SoftwareAuthenticator { Origin = "https://acme.example" };
        await AddedAsync(authenticator);
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));
        Assert.Equal(RejectionCode.PasskeyNotAccepted, RejectionOf(await SignInWithAsync(authenticator, new Answer { Origin = "https://stolen.example" })));
    }

    [Fact]
    public async Task Rename_OnesOwn_IsShownAndAnothersIsNot()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Aaguid = BitwardenId };
        var id = Assert.Single((await AddedAsync(authenticator)).Items).Id;
        var session = await SignedInAsync();

        var renamed = Assert.IsType<PasskeyAccountResult.Passkeys>(
            await Account.RenameAsync(Tenant.Id, session, id, $"  My \u0007key {new string('x', 100)}", CancellationToken.None));
        Assert.Equal($"My key {new string('x', 57)}", Assert.Single(renamed.Items).Name);
        await using var scope = Host.OpenTenant(Tenant);
        Assert.False(await PasskeyChanges.RenameAsync(scope.Database, Guid.NewGuid(), id, "mine", CancellationToken.None));
    }

    [Fact]
    public async Task Remove_WithAPassword_IsDoneAndTold()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        var id = Assert.Single((await AddedAsync(authenticator)).Items).Id;

        var left = Assert.IsType<PasskeyAccountResult.Passkeys>(
            await Account.RemoveAsync(Tenant.Id, await SignedInAsync(), id, Browser.Facts, CancellationToken.None));

        Assert.Empty(left.Items);
        Assert.Empty(left.Owner.CredentialIds);
        Assert.Equal("A passkey was removed from your account", (await Host.Services.ReadMailsAsync(Address))[^1].Subject);
        Assert.Equal(RejectionCode.PasskeyUnknown, RejectionOf(await SignInWithAsync(authenticator)));
    }

    [Fact]
    public async Task Remove_LastWayIn_IsRefusedAlsoWhenTwoGoAtOnce()
    {
        await GivenAsync();
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        await AddedAsync(first);
        var items = (await AddedAsync(second)).Items;
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, (string?)null)));
        var session = await SignedInAsync();

        var results = await Task.WhenAll(items.Select(item => Task.Run(
            () => Account.RemoveAsync(Tenant.Id, session, item.Id, Browser.Facts, CancellationToken.None))));

        Assert.Single(results.OfType<PasskeyAccountResult.Passkeys>());
        Assert.Single(results.OfType<PasskeyAccountResult.LastWayIn>());
        Assert.Equal(1, await ReadAsync(database => database.Passkeys.CountAsync()));
    }
}
