using System.Globalization;
using Bunit;
using LoginPortal.Components.Shared;
using LoginPortal.Components.SignIn;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;

namespace LoginPortal.Tests.Components;

/// <summary>What asks for a second factor, and what sets one up.</summary>
public sealed class SecondFactorComponentTests : ComponentTests
{
    private static readonly SignInView Asked = new(Guid.CreateVersion7(), SignInState.SecondFactor, "grace@acme.example", null, null, null)
    {
        SecondFactors = [SecondFactorMethod.Totp, SecondFactorMethod.EmailCode, SecondFactorMethod.RecoveryCode],
        PreferredSecondFactor = SecondFactorMethod.Totp,
    };

    private readonly List<StepInput> _taken = [];

    [Fact]
    public void Form_OfTheAuthenticator_AsksForACodeAsPhonesAndPasswordManagersKnowIt()
    {
        var form = Ask(Asked);

        var code = form.Find("#code");
        Assert.Equal("one-time-code", code.GetAttribute("autocomplete"));
        Assert.Equal("numeric", code.GetAttribute("inputmode"));
        Assert.True(code.HasAttribute("autofocus"));
        Assert.Equal(["Send a code by e-mail", "Use a recovery code"], form.FindAll(".other-ways .button-link").Select(way => way.TextContent));
        Assert.Equal($"sign-in?flow={Asked.FlowId}&way=recovery-code", form.Find(".other-ways a").GetAttribute("href"));
    }

    [Fact]
    public void Form_OfTheAuthenticator_TakesTheCodeAndTheTrust()
    {
        var form = Ask(Asked);

        form.Find("#code").Change("123 456");
        form.Find("input[name=trust]").Change(true);
        form.Find("form").Submit();

        Assert.Equal(new StepInput.Totp("123 456", TrustDevice: true), Assert.Single(_taken));
        Assert.False(form.Find("#code").HasAttribute("value"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 1)]
    public void Form_OfATenantThatTrustsNoDevice_OffersNoTrust(int days, int boxes)
    {
        var form = Ask(Asked, policy: new TenantPolicy { TrustedDeviceDays = days });

        Assert.Equal(boxes, form.FindAll("input[name=trust]").Count);
    }

    [Theory]
    [InlineData(SignInStep.VerifyTotp, null, true)]
    [InlineData(SignInStep.VerifyTotp, "recovery-code", false)]
    [InlineData(SignInStep.VerifyRecoveryCode, "recovery-code", true)]
    [InlineData(SignInStep.VerifyRecoveryCode, "totp", false)]
    [InlineData(SignInStep.VerifyPassword, null, false)]
    public void Form_AfterARefusal_TellsItBesideThatFactorAlone(SignInStep refused, string? way, bool told)
    {
        var form = Ask(Asked with { Rejection = RejectionCode.InvalidCode, RejectedStep = refused }, way, problem: "Wrong.");

        Assert.Equal(told ? ["Wrong."] : [], form.FindAll(".problem").Select(problem => problem.TextContent.Trim()));
        Assert.Equal(told ? "true" : null, form.Find("#code").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Form_OfTheEmailedCode_SendsOneOnlyWhenAsked()
    {
        var form = Ask(Asked, "email-code");

        Assert.Empty(form.FindAll("#code"));
        Assert.Equal("Send a code by e-mail", form.Find("button[type=submit]").TextContent.Trim());
        form.Find("form").Submit();

        Assert.IsType<StepInput.EmailCodeRequest>(Assert.Single(_taken));
    }

    [Fact]
    public void Form_OfAnEmailedCodeThatIsUnderWay_TakesItAndCountsDownToTheNext()
    {
        var form = Ask(Asked with { EmailCodeSentAt = Clock.GetUtcNow() }, "email-code");

        Assert.Contains("grace@acme.example", form.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Contains("30 seconds", form.Markup, StringComparison.Ordinal);
        form.Find("#code").Change("654321");
        form.FindAll("form")[0].Submit();

        Assert.Equal(new StepInput.EmailCode("654321", TrustDevice: false), Assert.Single(_taken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Enrolment_MayBePostponed_OnlyUntilTheTenantsDate(bool postponable)
    {
        Enter();
        var until = new DateTimeOffset(2030, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var view = new SignInView(Guid.CreateVersion7(), SignInState.SecondFactorEnrolment, "grace@acme.example", null, null, null)
        {
            Enrolment = new TotpEnrolment("otpauth://totp/Acme:grace?secret=ABCD", "ABCD EFGH"),
            PostponableUntil = postponable ? until : null,
        };

        var form = Render<EnrolmentForm>(parameters => parameters
            .Add(enrolment => enrolment.View, view)
            .Add(enrolment => enrolment.OnStep, input => _taken.Add(input)));

        Assert.Equal(postponable, form.Find(".lead").TextContent.Contains(until.ToString("D", CultureInfo.GetCultureInfo("en")), StringComparison.Ordinal));
        Assert.Equal(postponable ? 3 : 2, form.FindAll("form").Count);
        Assert.Equal("ABCD EFGH", form.Find("#totp-key").TextContent);
        Assert.Equal("img", form.Find(".qr").GetAttribute("role"));
        Assert.NotNull(form.Find(".qr svg"));
        Assert.Equal("otpauth://totp/Acme:grace?secret=ABCD", form.Find("a[href^='otpauth:']").GetAttribute("href"));
        form.FindAll("form")[^1].Submit();
        Assert.Equal(postponable ? new StepInput.Postponement() : new StepInput.TotpConfirmation(null, null), Assert.Single(_taken));
    }

    [Fact]
    public void RecoveryCodes_Shown_CanBeCopiedPrintedAndKeptAsAFileWithoutScript()
    {
        Enter();
        string[] codes = ["AAAA-BBBB", "CCCC-DDDD"];

        var list = Render<RecoveryCodeList>(parameters => parameters.Add(l => l.Codes, codes).Add(l => l.Address, "grace@acme.example"));

        Assert.Equal(codes, list.FindAll("li").Select(line => line.TextContent));
        Assert.All(list.FindAll("button"), button => Assert.True(button.HasAttribute("hidden")));
        var file = Uri.UnescapeDataString(list.Find("a[download]").GetAttribute("href")!);
        Assert.All([.. codes, "grace@acme.example", "Acme"], part => Assert.Contains(part, file, StringComparison.Ordinal));
    }

    private IRenderedComponent<SecondFactorForm> Ask(SignInView view, string? way = null, string? problem = null, TenantPolicy? policy = null)
    {
        Enter(policy);
        return Render<SecondFactorForm>(parameters => parameters
            .Add(form => form.View, view)
            .Add(form => form.Way, way)
            .Add(form => form.Problem, problem)
            .Add(form => form.OnStep, input => _taken.Add(input)));
    }
}
