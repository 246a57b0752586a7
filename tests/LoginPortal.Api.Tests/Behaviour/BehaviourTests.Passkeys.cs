using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Behaviour;

/// <content>Passkeys, alone and as the second factor.</content>
public abstract partial class BehaviourTests
{
    [Fact]
    public async Task Passkey_Alone_SignsInOnce()
    {
        if (!Client.TakesPasskeys)
        {
            return;
        }

        await GivenAsync();
        using var authenticator = await AddPasskeyAsync();
        var challenge = await Client.BeginPasskeyAsync(Tenant.Slug, _address);
        var credential = authenticator.Get(challenge.Options);

        var answer = await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential);
        var again = await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential);

        Assert.Equal(Meaning.SignedIn, answer.Meaning);
        Assert.Equal(System.Net.HttpStatusCode.OK, await CallAsync(answer.Token));
        Assert.Equal(Meaning.PasskeyRefused, again.Meaning);
    }

    [Fact]
    public async Task Passkey_AnythingWrong_IsTheSameAnswer()
    {
        if (!Client.TakesPasskeys)
        {
            return;
        }

        await GivenAsync();
        using var authenticator = await AddPasskeyAsync();
        List<string> answers = [];
        foreach (var wrong in (SoftwareAuthenticator.Answer[])[
            new() { WithAnotherKey = true }, new() { Origin = "https://evil.example" }, new() { RpId = "evil.example" }, new() { Challenge = "AAAA" },
            new() { Flags = SoftwareAuthenticator.UserPresent }, new() { CredentialId = [1, 2, 3, 4] }, new() { Type = "webauthn.create" }])
        {
            var challenge = await Client.BeginPasskeyAsync(Tenant.Slug, _address);
            answers.Add((await Client.PasskeyAsync(Tenant.Slug, challenge.Id, authenticator.Get(challenge.Options, wrong))).Comparable);
        }

        var late = await Client.BeginPasskeyAsync(Tenant.Slug, _address);
        _api.Clock.Advance(PasskeyCeremony.Lifetime + TimeSpan.FromSeconds(1));
        var refused = await Client.PasskeyAsync(Tenant.Slug, late.Id, authenticator.Get(late.Options));

        Assert.Equal(Meaning.PasskeyRefused, refused.Meaning);
        Assert.All(answers, answer => Assert.Equal(refused.Comparable, answer));
    }

    [Fact]
    public async Task Passkey_OfAnAddressWithoutOne_IsAskedForAlikeEachTime()
    {
        if (!Client.TakesPasskeys)
        {
            return;
        }

        await GivenAsync();
        var nobody = $"nobody-{_address}";

        var (without, first, second) = (
            JsonElement.Parse((await Client.BeginPasskeyAsync(Tenant.Slug, _address)).Options),
            JsonElement.Parse((await Client.BeginPasskeyAsync(Tenant.Slug, nobody)).Options),
            JsonElement.Parse((await Client.BeginPasskeyAsync(Tenant.Slug, nobody)).Options));

        Assert.Equal(first.GetProperty("allowCredentials").GetRawText(), second.GetProperty("allowCredentials").GetRawText());
        Assert.NotEqual(first.GetProperty("challenge").GetString(), second.GetProperty("challenge").GetString());
        Assert.Equal(
            without.EnumerateObject().Select(member => member.Name), first.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, without.GetProperty("allowCredentials").GetArrayLength());
        Assert.Equal(("login.example.com", "required"), (first.GetProperty("rpId").GetString(), first.GetProperty("userVerification").GetString()));
    }

    [Fact]
    public async Task Passkey_OfAnotherTenant_IsRefused()
    {
        if (!Client.TakesPasskeys)
        {
            return;
        }

        await GivenAsync();
        using var authenticator = await AddPasskeyAsync();

        var challenge = await Client.BeginPasskeyAsync("globex", _address);

        Assert.Equal(Meaning.PasskeyRefused, (await Client.PasskeyAsync("globex", challenge.Id, authenticator.Get(challenge.Options))).Meaning);
    }

    [Fact]
    public async Task Passkey_AfterThePassword_IsTheSecondFactorOfThisHandleAlone()
    {
        if (Client is UserPassportClient)
        {
            return;
        }

        await GivenAsync(policy: Required);
        using var authenticator = await AddPasskeyAsync();
        var (asked, other) = (await SignInAsync(), await SignInAsync());
        Assert.Equal(Meaning.SecondFactorNeeded, asked.Meaning);
        var challenge = await Client.BeginSecondPasskeyAsync(Tenant.Slug, _address, User.Id, asked.Handle!);
        var credential = authenticator.Get(challenge.Options);

        if (Client is SystemAuthClient)
        {
            Assert.Equal(Meaning.CodeRefused, (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential, other.Handle)).Meaning);
        }

        if (Client is TenantAuthClient)
        {
            Assert.Equal(Meaning.PasskeyRefused, (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential, other.Handle)).Meaning);
            Assert.Equal(Meaning.PasskeyRefused, (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential)).Meaning);
        }

        Assert.Equal(Meaning.HandleEnded, (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential, Guid.NewGuid().ToString())).Meaning);
        Assert.Equal(Meaning.SignedIn, (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential, asked.Handle)).Meaning);
        Assert.Contains(
            (await Client.PasskeyAsync(Tenant.Slug, challenge.Id, credential, asked.Handle)).Meaning, (Meaning[])[Meaning.HandleEnded, Meaning.PasskeyRefused]);
    }

    /// <summary>A passkey that the person made while they signed in elsewhere.</summary>
    private async Task<SoftwareAuthenticator> AddPasskeyAsync()
    {
        var authenticator = new SoftwareAuthenticator();
        var now = _api.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var scope = _api.Core.OpenTenant(Tenant);
        var database = scope.Services.GetRequiredService<PortalDbContext>();
        database.Sessions.Add(new Core.Sessions.Session
        {
            Id = id, TenantId = Tenant.Id, UserId = User.Id, TokenHash = Secret.Hash(Secret.Create()), CreatedAt = now, AuthenticatedAt = now, LastSeenAt = now, ExpiresAt = now.AddHours(1),
            IdleSeconds = 3600, IsRemembered = false, AuthenticationMethods = ["pwd"], AuthenticationContextClass = "aal1", DeviceLabel = "",
        });
        await database.SaveChangesAsync(Cancellation);
        var account = _api.Core.Services.GetRequiredService<PasskeyAccount>();
        var options = (await account.BeginAsync(Tenant.Id, id, "browser", isConditional: false, Cancellation))!;
        Assert.IsType<PasskeyAccountResult.Passkeys>(await account.AddAsync(
            Tenant.Id, id, "browser", new PasskeyAnswer(authenticator.Create(options.OptionsJson), options.Ceremony), new RequestFacts(null, null), Cancellation));
        return authenticator;
    }
}
