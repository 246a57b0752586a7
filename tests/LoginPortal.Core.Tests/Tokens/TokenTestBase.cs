using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.Tokens;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tokens;

/// <summary>A client without a browser.</summary>
public abstract class TokenTestBase(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    protected const string Contract = "test_contract";

    protected SessionTokens Tokens => Host.Services.GetRequiredService<SessionTokens>();

    protected AccessTokens AccessTokens => Host.Services.GetRequiredService<AccessTokens>();

    protected ApiSignIn Api => Host.Services.GetRequiredService<ApiSignIn>();

    protected Task<ApiSignInOutcome> SignInAsync(string password = RightPassword, bool fetchesLater = false) => Api.SignInAsync(
        Tenant.Id, Contract, Address, new StepInput.Password(password, Remember: false), fetchesLater, Browser.Facts, CancellationToken.None);

    protected async Task<TokenPair> SignedInPairAsync() => Assert.IsType<ApiSignInOutcome.SignedIn>(await SignInAsync()).Tokens;

    protected Task<ApiSignInOutcome> AnswerAsync(string handle, StepInput input, string contract = Contract) =>
        Api.AdvanceAsync(new HandleReference(handle, contract), input, Browser.Facts, CancellationToken.None);

    protected Task<TokenPair?> RefreshAsync(string token, RequestFacts? facts = null, string contract = Contract) =>
        Tokens.RefreshAsync(new PresentedRefreshToken(token, contract), facts ?? Browser.Facts, CancellationToken.None);

    protected async Task<Bearer?> CheckAsync(string? token, CoreHost? host = null)
    {
        await using var scope = (host ?? Host).CreateScope();
        return await scope.ServiceProvider.GetRequiredService<BearerCheck>().CheckTokenAsync(token, CancellationToken.None);
    }

    protected async Task EndSessionAsync(Guid sessionId)
    {
        await using var scope = Host.OpenTenant(Tenant);
        await scope.Services.GetRequiredService<SessionService>()
            .EndAsync(sessionId, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
    }
}
