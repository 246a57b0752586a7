using System.Net;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Tests.Behaviour;

public abstract partial class BehaviourTests
{
    private static readonly TenantPolicy Required = new() { SecondFactor = SecondFactorRequirement.Required };

    [Fact]
    public async Task SecondFactor_RightCode_SignsInOnce()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = await SignInAsync();
        Assert.Equal(Meaning.SecondFactorNeeded, asked.Meaning);
        Assert.Null(asked.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(asked.Handle));

        var answer = await Client.TotpAsync("acme", asked.Handle!, CodeOf(seed));

        Assert.Equal(Meaning.SignedIn, answer.Meaning);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(answer.Token));
        Assert.Equal(Meaning.HandleEnded, (await Client.TotpAsync("acme", asked.Handle!, CodeOf(seed, 1))).Meaning);
    }

    [Fact]
    public async Task SecondFactor_WrongCode_LeavesTheHandleGoodUntilItsTriesAreSpent()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = await SignInAsync();
        Assert.Equal(Meaning.CodeRefused, (await Client.TotpAsync("acme", asked.Handle!, WrongCode(seed))).Meaning);
        Assert.Equal(Meaning.SignedIn, (await Client.TotpAsync("acme", asked.Handle!, CodeOf(seed))).Meaning);

        var spent = await SignInAsync();
        for (var number = 0; number < FlowHandle.MaximumTries; number++)
        {
            Assert.Equal(Meaning.CodeRefused, (await Client.TotpAsync("acme", spent.Handle!, WrongCode(seed))).Meaning);
        }

        Assert.Equal(Meaning.HandleEnded, (await Client.TotpAsync("acme", spent.Handle!, CodeOf(seed, 1))).Meaning);

        var slowed = await SignInAsync();
        var refused = await Client.TotpAsync("acme", slowed.Handle!, CodeOf(seed, 1));
        Assert.Equal(Meaning.Throttled, refused.Meaning);
        Assert.NotNull(refused.RetryAfter);
    }

    [Fact]
    public async Task SecondFactor_CodeUsedBefore_IsRefused()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var code = CodeOf(seed);
        Assert.Equal(Meaning.SignedIn, (await Client.TotpAsync("acme", (await SignInAsync()).Handle!, code)).Meaning);

        var replayed = await Client.TotpAsync("acme", (await SignInAsync()).Handle!, code);

        Assert.Equal(Client.TellsUsedCodes ? Meaning.CodeUsed : Meaning.CodeRefused, replayed.Meaning);
        Assert.Null(replayed.Token);
    }

    [Fact]
    public async Task SecondFactor_RecoveryCode_WorksOnce()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();

        Assert.Equal(Meaning.SignedIn, (await Client.RecoveryCodeAsync("acme", (await SignInAsync()).Handle!, codes[0])).Meaning);
        Assert.Equal(Meaning.CodeRefused, (await Client.RecoveryCodeAsync("acme", (await SignInAsync()).Handle!, codes[0])).Meaning);
        Assert.Equal(Meaning.SignedIn, (await Client.RecoveryCodeAsync("acme", (await SignInAsync()).Handle!, codes[1])).Meaning);
    }

    [Fact]
    public async Task SecondFactor_TooLateOrUnknownHandle_IsOver()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = await SignInAsync();
        _api.Clock.Advance(FlowHandle.Lifetime);

        var late = await Client.TotpAsync("acme", asked.Handle!, CodeOf(seed));
        var unknown = await Client.TotpAsync("acme", Guid.NewGuid().ToString(), CodeOf(seed));

        Assert.Equal(Meaning.HandleEnded, late.Meaning);
        Assert.Equal(late.Comparable, unknown.Comparable);
    }

    [Fact]
    public async Task SecondFactor_HandleOfAnotherContract_IsWorthNothing()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var asked = await SignInAsync();
        foreach (var other in (Client[])[new TenantAuthClient(_http), new AccountsClient(_http), new SystemAuthClient(_http), new UserPassportClient(_http)])
        {
            if (other.GetType() != Client.GetType())
            {
                Assert.Equal(Meaning.HandleEnded, (await other.TotpAsync("acme", asked.Handle!, CodeOf(seed))).Meaning);
            }
        }

        Assert.Equal(Meaning.SignedIn, (await Client.TotpAsync("acme", asked.Handle!, CodeOf(seed))).Meaning);
    }

    [Fact]
    public async Task Enrolment_Owed_OpensNothingElseAndLeadsToAFullToken()
    {
        await GivenAsync(policy: Required);

        var owed = await SignInAsync();

        Assert.Equal(Meaning.EnrolmentOwed, owed.Meaning);
        if (Client is UserPassportClient passport)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(owed.Handle));
            Assert.Equal(Meaning.Other, (await passport.PassportAsync(owed.Handle!, null)).Meaning);
            Assert.Equal(Meaning.CodeRefused, (await passport.PassportAsync(owed.Handle!, "000000")).Meaning);
            Assert.StartsWith("<svg", owed.Json.GetProperty("mfa_svg").GetString(), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(owed.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/v1/me", owed.Token));

        var enrolled = await Client.EnrolAsync(Tenant.Slug, owed, secret => CodeOf(Decode(secret)));

        Assert.Equal(Meaning.SignedIn, enrolled.Meaning);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(enrolled.Token));
        Assert.Equal(Meaning.SecondFactorNeeded, (await SignInAsync()).Meaning);
        Assert.Equal(HttpStatusCode.Unauthorized, await EnrolAgainAsync(owed));
    }

    private async Task<HttpStatusCode> EnrolAgainAsync(Answer owed) =>
        await StatusAsync("/api/v1/me/mfa/totp/enable", owed.Token, HttpMethod.Post);

    private async Task<HttpStatusCode> StatusAsync(string path, string? token, HttpMethod? method = null)
    {
        using var response = await Client.SendAsync(method ?? HttpMethod.Get, path, token: token);
        return response.StatusCode;
    }
}
