using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Passkeys;

/// <summary>A tenant, a person, and authenticators in software.</summary>
public abstract class PasskeyTestBase(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private protected PasskeyAccount Account => Host.Services.GetRequiredService<PasskeyAccount>();

    private protected PasskeyCeremonies Ceremonies => Host.Services.GetRequiredService<PasskeyCeremonies>();

    /// <summary>Adds a passkey on the account page, as a person does who signed in just now.</summary>
    private protected async Task<PasskeyAccountResult> AddAsync(
        SoftwareAuthenticator authenticator, SoftwareAuthenticator.Answer? answer = null, bool isConditional = false)
    {
        var (session, binding) = (await SignedInAsync(), Secret.Hash(Secret.Create()));
        var options = (await Account.BeginAsync(Tenant.Id, session, binding, isConditional, CancellationToken.None))!;
        return await Account.AddAsync(
            Tenant.Id,
            session,
            binding,
            new PasskeyAnswer(authenticator.Create(options.OptionsJson, answer), options.Ceremony),
            Browser.Facts,
            CancellationToken.None);
    }

    private protected async Task<PasskeyAccountResult.Passkeys> AddedAsync(SoftwareAuthenticator authenticator)
    {
        var added = Assert.IsType<PasskeyAccountResult.Passkeys>(await AddAsync(authenticator));
        Clock.Advance(TimeSpan.FromSeconds(1));
        return added;
    }

    private protected async Task<PasskeyOptions> OptionsAsync(Browser browser, TenantProfile? tenant = null) =>
        (await Ceremonies.BeginAsync((tenant ?? Tenant).Id, browser.BindingHash, browser.FlowId, CancellationToken.None))!;

    /// <summary>The button of the sign-in page: no address, any passkey.</summary>
    private protected async Task<SignInOutcome> SignInWithAsync(
        SoftwareAuthenticator authenticator, SoftwareAuthenticator.Answer? answer = null, Browser? browser = null)
    {
        browser ??= NewBrowser();
        var options = await OptionsAsync(browser);
        return await AnswerAsync(browser, authenticator.Get(options.OptionsJson, answer), options.Ceremony);
    }

    /// <summary>Hands an answer back, to the flow where there is one.</summary>
    private protected async Task<SignInOutcome> AnswerAsync(Browser browser, string? credentialJson, string? ceremony, TenantProfile? tenant = null)
    {
        var input = new StepInput.Passkey(new PasskeyAnswer(credentialJson, ceremony), Remember: false, TrustDevice: false);
        return browser.FlowId == Guid.Empty
            ? await Host.Services.GetRequiredService<SignInRunner>().BeginAsync(
                (tenant ?? Tenant).Id, browser.BindingHash, returnUrl: null, input, Browser.Facts, CancellationToken.None)
            : await browser.AdvanceAsync(input);
    }

    private protected async Task<SignInOutcome> ContinueWithAsync(
        Browser browser, SoftwareAuthenticator authenticator, SoftwareAuthenticator.Answer? answer = null) =>
        await SignInWithAsync(authenticator, answer, browser);
}
