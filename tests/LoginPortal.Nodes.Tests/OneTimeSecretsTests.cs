using System.Net;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Nodes.Tests.Fixtures;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Nodes.Tests;

/// <summary>What works once works once, whichever nodes it is brought to at the same moment.</summary>
public sealed class OneTimeSecretsTests(Cluster nodes)
{
    private const int Attempts = 8;

    [Fact]
    public async Task AuthenticatorCode_OfManySignIns_CompletesOne() => await RaceSecondFactorAsync("totp", app => app.NextCode());

    [Fact]
    public async Task RecoveryCode_OfManySignIns_CompletesOne() => await RaceSecondFactorAsync("recovery_code", app => app.RecoveryCodes[0]);

    [Fact]
    public async Task HandoffTicket_AtBothPortals_SignsInOnce()
    {
        var address = await nodes.AddPersonAsync();
        using var browser = nodes.Portals[0].OpenBrowser();
        var form = (await browser.GetAsync("/t/acme/sign-in")).Form("identify").With("ticket", await EarnTicketAsync(browser, address)).With("returnUrl", "");
        var thieves = Enumerable.Range(0, Attempts).Select(n => browser.Thief().At(Node.Connect, nodes.Portals[n % 2].Origin)).ToList();

        await Task.WhenAll(thieves.Select(thief => Task.Run(() => thief.PostAsync(form.To(new Uri(thief.Origin, "/t/acme/session/complete")), follow: false))));

        Assert.Single(thieves.SelectMany(thief => thief.Responses).SelectMany(CookieJar.Of), cookie => cookie.Name.ToString().StartsWith("__Host-portal.session", StringComparison.Ordinal));
        thieves.ForEach(thief => thief.Dispose());
    }

    [Fact]
    public async Task RefreshToken_AtBothApis_IsSpentOnce()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var refresh = (await here.SignInAsync(await nodes.AddPersonAsync()))["refresh_token"];

        var answers = await RaceAsync(here, there, client => client.PostAsync($"{ApiClient.Tenant}/token/refresh", new { refresh_token = refresh }));

        // A client that asks again within seconds gets the answer that it missed: all of them hold the same next token.
        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer["refresh_token"]).Distinct());
    }

    [Fact]
    public async Task LinkToANewPassword_AtBothApis_SetsOne()
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var address = await nodes.AddPersonAsync();
        await here.PostAsync($"{ApiClient.Tenant}/forgot-password", new { email = address });
        var token = (await nodes.MailToAsync(address)).Token;

        var passwords = Enumerable.Range(0, Attempts).Select(n => $"seven-lamps-beside-harbour-{n}").ToList();
        var next = -1;
        var answers = await RaceAsync(here, there, client =>
            client.PostAsync($"{ApiClient.Tenant}/password/reset", new { token, new_password = passwords[Interlocked.Increment(ref next)] }));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.SignInAsync(address)).Status);
    }

    private async Task RaceSecondFactorAsync(string method, Func<AuthenticatorApp, string> codeOf)
    {
        using var here = nodes.Apis[0].OpenClient();
        using var there = nodes.Apis[1].OpenClient();
        var address = await nodes.AddPersonAsync();
        var app = await AuthenticatorApp.SetUpAsync(here, there, (await here.SignInAsync(address))["access_token"]);
        var challenges = new Queue<string>();
        for (var n = 0; n < Attempts; n++)
        {
            challenges.Enqueue((await here.SignInAsync(address))["mfa_token"]);
        }

        var code = codeOf(app);
        var answers = await RaceAsync(here, there, client =>
        {
            string challenge;
            lock (challenges)
            {
                challenge = challenges.Dequeue();
            }

            return client.PostAsync($"{ApiClient.Tenant}/mfa/verify", new { mfa_token = challenge, method, code });
        });

        Assert.Single(answers, answer => (string?)answer.Json["data"]?["status"] == "success");
    }

    /// <summary>Half of the attempts at one node, half at the other, all at once.</summary>
    private static Task<ApiAnswer[]> RaceAsync(ApiClient here, ApiClient there, Func<ApiClient, Task<ApiAnswer>> attempt) =>
        Task.WhenAll(Enumerable.Range(0, Attempts).Select(n => Task.Run(() => attempt(n % 2 == 0 ? here : there))));

    private async Task<string> EarnTicketAsync(Browser browser, string address)
    {
        var binding = Secret.Hash(browser.Cookies.Single("__Host-portal.browser.acme"));
        var facts = new RequestFacts("192.0.2.1", "Test");
        var runner = nodes.Core.Services.GetRequiredService<SignInRunner>();
        var begun = await runner.BeginAsync(nodes.Acme.Id, binding, returnUrl: null, new StepInput.Identify(address), facts, CancellationToken.None);
        var done = await runner.AdvanceAsync(
            nodes.Acme.Id,
            new FlowReference(((SignInOutcome.Continue)begun).Flow.FlowId, binding),
            new StepInput.Password(DemoData.Password, Remember: false),
            facts,
            CancellationToken.None);
        return ((SignInOutcome.Completed)done).HandoffTicket;
    }
}
