using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Captcha;
using LoginPortal.Core.Data;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Registration;

/// <summary>A tenant whose door is open, and somebody new in front of it.</summary>
public abstract class RegistrationTestBase(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    protected const string NewAddress = "grace@hopper.example";

    protected static readonly TenantPolicy Open = new() { Registration = new RegistrationPolicy { IsOpen = true, Captcha = CaptchaKind.Off } };

    protected static readonly RegistrationForm Form = new() { Address = NewAddress, Password = OtherPassword, GivenName = "Grace", FamilyName = "Hopper" };

    private protected async Task<RegistrationResult> RegisterAsync(RegistrationForm form, Browser? browser = null, CoreHost? host = null, RequestFacts? facts = null)
    {
        browser ??= NewBrowser();
        var result = await (host ?? Host).Services.GetRequiredService<AccountRegistration>()
            .RegisterAsync(Tenant.Id, browser.BindingHash, "account/security", form, facts ?? Browser.Facts, CancellationToken.None);
        if (result is RegistrationResult.MailSent(var flowId))
        {
            browser.FlowId = flowId;
        }

        return result;
    }

    /// <summary>Registers, and has the mail written.</summary>
    private protected async Task<Browser> RegisteredAsync(RegistrationForm? form = null)
    {
        var browser = NewBrowser();
        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(form ?? Form, browser));
        await AnswerAsync();
        return browser;
    }

    private protected Task<int> AnswerAsync(CoreHost? host = null) =>
        (host ?? Host).Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);

    private protected async Task<IReadOnlyList<ReceivedMail>> MailsAsync(string address = NewAddress)
    {
        await AnswerAsync();
        return await Host.Services.ReadMailsAsync(address);
    }

    /// <summary>What a browser does with a challenge.</summary>
    protected static string Solve(string challenge)
    {
        for (var number = 0L; ; number++)
        {
            var answer = string.Create(CultureInfo.InvariantCulture, $"{challenge}:{number}");
            if (BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(answer)))) >= ProofOfWork.Bits)
            {
                return answer;
            }
        }
    }
}
