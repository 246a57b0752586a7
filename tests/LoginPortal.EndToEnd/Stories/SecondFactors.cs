using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A tenant that wants a second factor: setting one up, and signing in with it.</summary>
public abstract class SecondFactors(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string WrongCode = "That code is not right, or has been used. Wait for the next one and try again.";

    [Fact]
    public async Task SecondFactor_RequiredAndMissing_IsSetUpAndThenAskedFor()
    {
        await Portal.AddTenantAsync("strict", policy: new TenantPolicy
        {
            SecondFactor = SecondFactorRequirement.Required,
            SecondFactorRequiredFrom = Portal.Clock.GetUtcNow() - TimeSpan.FromDays(1),
        });
        await Portal.AddUserAsync("strict", "user@strict.example");
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("strict")).ContinueAsync("user@strict.example");
        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));
        await Expect(enrolment.PostponeButton).ToHaveCountAsync(0);
        await enrolment.ConfirmRefusedAsync("000000");
        await enrolment.CodeField.ExpectProblemAsync(WrongCode);

        var codes = await enrolment.ConfirmAsync(await Portal.NextTotpCodeAsync("strict", "user@strict.example"));
        var recoveryCode = await codes.Codes.First.InnerTextAsync();
        await codes.KeepAsync();

        var second = await AskAsync("strict", "user@strict.example");
        await Expect(second.CodeField).ToBeFocusedAsync();
        await second.ConfirmRefusedAsync("000000");
        await second.CodeField.ExpectProblemAsync(WrongCode);
        await second.ConfirmAsync(await Portal.NextTotpCodeAsync("strict", "user@strict.example"));

        second = await AskAsync("strict", "user@strict.example");
        var recovery = await second.TryAnotherWayAsync("SecondFactor.Way.RecoveryCode", "SecondFactor.RecoveryCode.Label");
        await recovery.ConfirmAsync(recoveryCode);
    }

    [Fact]
    public async Task SecondFactor_RequiredAndMissing_OpensNothingBefore()
    {
        await Portal.AddTenantAsync("strict-too", policy: new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });
        await Portal.AddUserAsync("strict-too", "user@strict.example");
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("strict-too")).ContinueAsync("user@strict.example");
        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));

        await enrolment.Tab.GoToAsync("/t/strict-too/");

        await new SignInPage(enrolment.Tab).ShownAsync();
    }

    [Fact]
    public async Task SecondFactor_AnnouncedForLater_CanBePostponed()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("globex")).ContinueAsync("user@globex.example");

        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));
        await Expect(enrolment.Page.GetByText("Globex asks everybody for a second factor.")).ToBeVisibleAsync();
        var home = await enrolment.PostponeAsync();

        await Expect(home.Notice).ToContainTextAsync("Globex asks everybody for a second factor.");
    }

    private async Task<SecondFactorPage> AskAsync(string tenant, string address)
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync(tenant)).ContinueAsync(address);
        return await password.SubmitAsync(new SecondFactorPage(password.Tab));
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.WithWebSocketsBlocked);
}
