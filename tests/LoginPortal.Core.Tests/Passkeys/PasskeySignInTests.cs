using System.Text.Json.Nodes;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using static LoginPortal.Testing.SoftwareAuthenticator;

namespace LoginPortal.Core.Tests.Passkeys;

public sealed class PasskeySignInSqliteTests() : PasskeySignInTests(DatabaseProvider.Sqlite);

public sealed class PasskeySignInPostgreSqlTests() : PasskeySignInTests(DatabaseProvider.PostgreSql);

public abstract class PasskeySignInTests(DatabaseProvider provider) : PasskeyTestBase(provider)
{
    /// <summary>Everything that can be wrong about a signature, and why it is refused.</summary>
    public static TheoryData<string, RejectionCode> WrongAnswers { get; } = new()
    {
        { "origin", RejectionCode.PasskeyNotAccepted },
        { "origin of a look-alike", RejectionCode.PasskeyNotAccepted },
        { "cross-origin", RejectionCode.PasskeyNotAccepted },
        { "rp id", RejectionCode.PasskeyNotAccepted },
        { "type", RejectionCode.PasskeyNotAccepted },
        { "credential type", RejectionCode.PasskeyNotAccepted },
        { "challenge", RejectionCode.PasskeyNotAccepted },
        { "not present", RejectionCode.PasskeyNotAccepted },
        { "not verified", RejectionCode.PasskeyNotVerified },
        { "backed up, not eligible", RejectionCode.PasskeyNotAccepted },
        { "eligible all at once", RejectionCode.PasskeyNotAccepted },
        { "handle of nobody", RejectionCode.PasskeyNotAccepted },
        { "handle that is none", RejectionCode.PasskeyNotAccepted },
        { "no handle", RejectionCode.PasskeyNotAccepted },
        { "another key", RejectionCode.PasskeyNotAccepted },
        { "another credential", RejectionCode.PasskeyUnknown },
        { "cut short", RejectionCode.PasskeyNotAccepted },
    };

    [Fact]
    public async Task Passkey_WithoutAnAddress_SignsInAndIsTwoFactors()
    {
        await GivenAsync(Required);
        using var authenticator = new SoftwareAuthenticator { Flags = UserPresent | UserVerified | BackupEligible | BackupState };
        await AddedAsync(authenticator);

        var completed = Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(["swk", "user", "mfa"], session.AuthenticationMethods);
        Assert.Equal(Assurance.MultiFactor, session.AuthenticationContextClass);
        Assert.Equal(User.Id, session.UserId);
        Assert.Equal(Clock.GetUtcNow(), (await ReadAsync(database => database.Passkeys.SingleAsync())).LastUsedAt);
    }

    [Fact]
    public async Task Passkey_DeviceBound_IsAHardwareKey()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);

        var completed = Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(["hwk", "user", "mfa"], session.AuthenticationMethods);
    }

    [Fact]
    public async Task Passkey_AfterTheAddress_SignsIn()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.IsType<SignInOutcome.Completed>(await ContinueWithAsync(browser, authenticator, new Answer { WithoutUserHandle = false }));
    }

    [Fact]
    public async Task Passkey_AfterAnothersAddress_IsRefused()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        await Host.CreateUserAsync(Tenant, "bob@acme.example", RightPassword);
        foreach (var address in (string[])["bob@acme.example", "nobody@acme.example"])
        {
            var browser = NewBrowser();
            await browser.IdentifyAsync(address);

            Assert.Equal(RejectionCode.PasskeyNotAccepted, RejectionOf(await ContinueWithAsync(browser, authenticator)));
        }
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Passkey_WrongAnswer_IsRefusedAndAudited(string what, RejectionCode expected)
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { UserHandle = null };
        await AddedAsync(authenticator);
        var answer = what switch
        {
            "origin" => new Answer { Origin = "https://evil.example" },
            "origin of a look-alike" => new Answer { Origin = "https://login.example.com.evil.example" },
            "cross-origin" => new Answer { CrossOrigin = true },
            "rp id" => new Answer { RpId = "evil.example" },
            "type" => new Answer { Type = "webauthn.create" },
            "credential type" => new Answer { CredentialType = "password" },
            "challenge" => new Answer { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
            "not present" => new Answer { Flags = UserVerified },
            "not verified" => new Answer { Flags = UserPresent },
            "backed up, not eligible" => new Answer { Flags = UserPresent | UserVerified | BackupState },
            "eligible all at once" => new Answer { Flags = UserPresent | UserVerified | BackupEligible },
            "handle of nobody" => new Answer { UserHandle = Guid.NewGuid().ToString() },
            "handle that is none" => new Answer { UserHandle = "nobody" },
            "no handle" => new Answer { WithoutUserHandle = true },
            "another key" => new Answer { WithAnotherKey = true },
            "another credential" => new Answer { CredentialId = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] },
            "cut short" => new Answer { TruncateCbor = 1 },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        Assert.Equal(expected, RejectionOf(await SignInWithAsync(authenticator, answer)));

        var refusal = await ReadAsync(database => database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.PasskeyVerification));
        Assert.Equal(SecurityEventOutcome.Refused, refusal.Outcome);
        Assert.Null((await ReadAsync(database => database.Passkeys.SingleAsync())).LastUsedAt);
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"id\":\"*\",\"response\":{}}")]
    [InlineData("{\"id\":\"AAAA\",\"response\":null}")]
    [InlineData("{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{\"authenticatorData\":7}}")]
    public async Task Passkey_NoAnswerAtAll_IsRefused(string json)
    {
        await GivenAsync();
        var browser = NewBrowser();
        var options = await OptionsAsync(browser);

        Assert.NotNull(RejectionOf(await AnswerAsync(browser, json, options.Ceremony)));
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(browser, json, "garbled")));
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(browser, json, null)));
    }

    [Fact]
    public async Task Passkey_SameAnswerTwice_IsTakenOnce()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var browser = NewBrowser();
        var options = await OptionsAsync(browser);
        var answer = authenticator.Get(options.OptionsJson);

        Assert.IsType<SignInOutcome.Completed>(await AnswerAsync(browser, answer, options.Ceremony));
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(browser, answer, options.Ceremony)));
        Assert.Equal(1, await ReadAsync(database => database.Sessions.CountAsync(s => s.TokenHash == null)));
    }

    [Fact]
    public async Task Passkey_SameAnswerManyTimesAtOnce_IsTakenOnce()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var browser = NewBrowser();
        var options = await OptionsAsync(browser);
        var answer = authenticator.Get(options.OptionsJson);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => AnswerAsync(browser, answer, options.Ceremony))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
        Assert.Equal(5, outcomes.OfType<SignInOutcome.Rejected>().Count());
    }

    [Fact]
    public async Task Passkey_SameCounterTwiceAtOnce_IsTakenOnceAndReported()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Counts = true };
        await AddedAsync(authenticator);
        var answers = new List<(Browser Browser, string Json, string Ceremony)>();
        for (var i = 0; i < 4; i++)
        {
            var browser = NewBrowser();
            var options = await OptionsAsync(browser);
            answers.Add((browser, authenticator.Get(options.OptionsJson, new Answer { Counter = 7 }), options.Ceremony));
        }

        var outcomes = await Task.WhenAll(answers.Select(a => Task.Run(() => AnswerAsync(a.Browser, a.Json, a.Ceremony))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
        Assert.All(outcomes.OfType<SignInOutcome.Rejected>(), rejected => Assert.Equal(RejectionCode.PasskeyCounterRegressed, rejected.Flow.Rejection));
        Assert.Equal(3, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PasskeyCounterRegressed)));
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(4u)]
    [InlineData(0u)]
    public async Task Passkey_CounterThatWentBack_IsRefusedAuditedAndMailed(uint counter)
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Counts = true };
        await AddedAsync(authenticator);
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator, new Answer { Counter = 5 }));

        Assert.Equal(RejectionCode.PasskeyCounterRegressed, RejectionOf(await SignInWithAsync(authenticator, new Answer { Counter = counter })));

        var noted = await ReadAsync(database => database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.PasskeyCounterRegressed));
        Assert.Equal((User.Id, SecurityEventOutcome.Refused, "203.0.113.7"), (noted.SubjectId, noted.Outcome, noted.IpAddress));
        Assert.Equal("A passkey of your account was refused", (await Host.Services.ReadMailsAsync(Address))[^1].Subject);
        Assert.Equal(5, (await ReadAsync(database => database.Passkeys.SingleAsync())).SignCount);
    }

    [Fact]
    public async Task Passkey_OldCounterWithoutARightSignature_TellsNobody()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator { Counts = true };
        await AddedAsync(authenticator);
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator, new Answer { Counter = 5 }));

        Assert.Equal(
            RejectionCode.PasskeyNotAccepted,
            RejectionOf(await SignInWithAsync(authenticator, new Answer { Counter = 1, WithAnotherKey = true })));

        Assert.Equal(0, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PasskeyCounterRegressed)));
    }

    [Fact]
    public async Task Ceremony_AfterFiveMinutes_IsOver()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var browser = NewBrowser();
        var options = await OptionsAsync(browser);

        Clock.Advance(PasskeyCeremony.Lifetime);

        Assert.Equal(
            RejectionCode.PasskeyCeremonyEnded,
            RejectionOf(await AnswerAsync(browser, authenticator.Get(options.OptionsJson), options.Ceremony)));
    }

    [Fact]
    public async Task Ceremony_OfAnotherBrowserFlowOrTenant_IsNone()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var (browser, stranger) = (NewBrowser(), NewBrowser());
        var options = await OptionsAsync(browser);
        var globex = await Host.CreateTenantAsync("globex");
        var answer = authenticator.Get(options.OptionsJson);

        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(stranger, answer, options.Ceremony)));
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(browser, answer, options.Ceremony, globex)));
        await stranger.IdentifyAsync(Address);
        var named = new Browser(Host, Tenant) { BindingHash = browser.BindingHash };
        await named.IdentifyAsync(Address);
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(named, answer, options.Ceremony)));
        Assert.Null(await Ceremonies.BeginAsync(Tenant.Id, browser.BindingHash, stranger.FlowId, CancellationToken.None));
        Assert.IsType<SignInOutcome.Completed>(await AnswerAsync(browser, answer, options.Ceremony));
    }

    [Fact]
    public async Task Passkey_AtAnotherTenantOfTheSameHost_IsRefusedButNotForgotten()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var globex = await Host.CreateTenantAsync("globex");
        var browser = NewBrowser();
        var options = await OptionsAsync(browser, globex);

        Assert.Equal(
            RejectionCode.PasskeyNotAccepted,
            RejectionOf(await AnswerAsync(browser, authenticator.Get(options.OptionsJson), options.Ceremony, globex)));
    }

    [Fact]
    public async Task Passkey_DisabledPerson_IsRefused()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, Clock.GetUtcNow())));

        Assert.Equal(RejectionCode.PasskeyNotAccepted, RejectionOf(await SignInWithAsync(authenticator)));
    }

    [Fact]
    public async Task Passkey_AddressNotVerified_MustBeVerifiedFirst()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.EmailConfirmed, false)));

        Assert.Equal(SignInState.EmailVerification, ViewOf(await SignInWithAsync(authenticator)).State);
        Assert.Contains("Confirm your address", (await Host.Services.ReadMailsAsync(Address))[^1].Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkey_TenantWithoutPasskeys_HasNone()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        var browser = NewBrowser();
        var options = await OptionsAsync(browser);
        await SetPolicyAsync(new TenantPolicy { AllowPasskeys = false });

        Assert.Null(await Ceremonies.BeginAsync(Tenant.Id, browser.BindingHash, null, CancellationToken.None));
        Assert.Equal(
            RejectionCode.PasskeyCeremonyEnded,
            RejectionOf(await AnswerAsync(browser, authenticator.Get(options.OptionsJson), options.Ceremony)));
        Assert.Equal(SignInState.SecondFactorEnrolment, await StateUnderAsync(Required with { AllowPasskeys = false }));
    }

    [Fact]
    public async Task Options_KnownUnknownAndWithoutPasskey_LookAlikeAndStayTheSame()
    {
        await GivenAsync();
        using var authenticator = new SoftwareAuthenticator();
        await AddedAsync(authenticator);
        await Host.CreateUserAsync(Tenant, "bob@acme.example", RightPassword);
        var otherNode = AddHost();
        foreach (var address in (string[])[Address, "bob@acme.example", "nobody@acme.example"])
        {
            var first = await ListAsync(address, Host);
            var second = await ListAsync(address, otherNode);

            Assert.Equal(first.Credentials, second.Credentials);
            Assert.NotEqual(first.Challenge, second.Challenge);
            Assert.Equal("allowCredentials challenge hints rpId timeout userVerification", first.Members);
            Assert.Matches("^\\[\\{\"type\":\"public-key\",\"id\":\"[A-Za-z0-9_-]{22,43}\",\"transports\":\\[\"[^\\]]+\\]\\}\\]$", first.Credentials);
        }

        Assert.NotEqual((await ListAsync("nobody@acme.example", Host)).Credentials, (await ListAsync("somebody@acme.example", Host)).Credentials);
        Assert.Equal((await ListAsync("nobody@acme.example", Host)).Credentials, (await ListAsync("NOBODY@acme.example", Host)).Credentials);
    }

    private async Task<SignInState> StateUnderAsync(TenantPolicy policy)
    {
        await SetPolicyAsync(policy);
        return ViewOf(await NewBrowser().SignInAsync(Address, RightPassword)).State;
    }

    private async Task<(string Credentials, string Challenge, string Members)> ListAsync(string address, CoreHost host)
    {
        var browser = NewBrowser(host);
        await browser.IdentifyAsync(address);
        var options = JsonNode.Parse((await OptionsAsync(browser)).OptionsJson)!.AsObject();
        return (
            options["allowCredentials"]!.ToJsonString(),
            options["challenge"]!.GetValue<string>(),
            string.Join(' ', options.Where(member => member.Value is not null).Select(member => member.Key).Order(StringComparer.Ordinal)));
    }
}
