using System.Text.RegularExpressions;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Mail;

public sealed class MailTemplateSqliteTests() : MailTemplateTests(DatabaseProvider.Sqlite);

public sealed class MailTemplatePostgreSqlTests() : MailTemplateTests(DatabaseProvider.PostgreSql);

/// <summary>What is in the mails that the portal writes.</summary>
public abstract class MailTemplateTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private static readonly MailDraft[] Drafts =
    [
        new("EmailCode") { Code = "123456", Values = [10] },
        new("AuthenticatorAdded"),
        new("AuthenticatorRemoved"),
        new("RecoveryCodeUsed") { Values = [9] },
        new("RecoveryCodesReplaced"),
        new("VerifyAddress") { Link = "verify-address?token=a-token", Values = [24] },
        new("ResetPassword") { Link = "reset-password?token=a-token", Values = [60] },
        new("PasswordChanged") { Link = "forgot-password" },
        new("ConfirmRegistration") { Link = "verify-address?token=a-token", Values = [24] },
        new("FinishRegistration") { Link = "reset-password?token=a-token", Values = [60] },
        new("AccountExists") { Link = "sign-in" },
        new("Invitation") { Link = "accept-invitation?token=a-token", Values = [7] },
        new("ConfirmNewAddress") { Link = "confirm-new-address?token=a-token", Values = [24] },
        new("AddressChanged") { Link = "undo-address-change?token=a-token", Values = ["new@acme.example", 72] },
        new("AddressInUse"),
        new("AccountCreated") { Link = "forgot-password" },
        new("AccountDisabled"),
        new("AccountEnabled"),
        new("SecondFactorsReset"),
        new("SessionsEndedByAdministrator"),
        new("SessionEndedByAdministrator"),
        new("RoleChanged"),
        new("AccountErasureRequested") { Link = "undo-account-erasure?token=a-token", Values = [new DateTimeOffset(2031, 3, 21, 0, 0, 0, TimeSpan.Zero)] },
        new("AccountErasureByAdministrator") { Values = [new DateTimeOffset(2031, 3, 21, 0, 0, 0, TimeSpan.Zero)] },
        new("AccountErasureUndone") { Link = "forgot-password" },
        new("DataDownloaded") { Link = "forgot-password" },
        new("ProfileChanged") { Link = "account/profile" },
        new("SessionsEnded") { Link = "account/devices" },
        new("IncidentReported") { Link = "reset-password?token=a-token", Values = [60] },
        new("IncidentOfMember") { Values = ["Ada Lovelace", new DateTimeOffset(2031, 3, 21, 0, 0, 0, TimeSpan.Zero), "203.0.113.7"] },
        new("SignInCode") { Code = "123456", Values = [10] },
        new("PasskeyAdded"),
        new("PasskeyRemoved"),
        new("PasskeySuspicious") { Link = "account/security" },
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public async Task Add_EveryMail_SaysTheSameAsTextAndAsHtml(string language)
    {
        await GivenAsync();
        foreach (var draft in Drafts)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            var mail = await WriteAsync(draft with { Language = language });

            Assert.Contains($"<html lang=\"{language}\"", mail.Html, StringComparison.Ordinal);
            Assert.Contains("<h1 ", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain(mail.Text + mail.Html + mail.Subject, "{0}", StringComparison.Ordinal);
            Assert.DoesNotContain(">", mail.Text, StringComparison.Ordinal);
            var read = Regex.Replace(mail.Html, "<style>.*?</style>|<[^>]+>", " ", RegexOptions.None, TimeSpan.FromSeconds(1));
            foreach (var line in mail.Text.Split('\n').Where(line => line.Length > 3).Select(line => line.TrimEnd(':')))
            {
                Assert.Contains(line, System.Net.WebUtility.HtmlDecode(read), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Add_MailWithALink_LeadsToTheConfiguredOriginOrTheTenantsOwnHost()
    {
        await GivenAsync();

        Assert.Equal("https://login.example.com/t/acme/reset-password?token=a-token", (await WriteAsync(Drafts[6])).Link.AbsoluteUri);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var own = await WriteAsync(Drafts[6], Tenant with { PrimaryHost = "login.acme.example" });

        Assert.Equal("https://login.acme.example/reset-password?token=a-token", own.Link.AbsoluteUri);
        Assert.Equal(3, Regex.Count(own.Html, Regex.Escape(own.Link.AbsoluteUri)));
    }

    [Fact]
    public async Task Add_TenantsNameWithMarkupAndLines_IsTextInTheBodiesAndOneLineInTheHeaders()
    {
        await GivenAsync();

        var mail = await WriteAsync(Drafts[6], Tenant with { DisplayName = "<b>A&B</b>\r\nBcc: x@y.example" });

        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;A&amp;B&lt;/b&gt;", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<b>A&B</b>", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mail.Subject);
        Assert.DoesNotContain('\n', mail.Mail.SenderName);
    }

    [Fact]
    public async Task Add_ForATenantWithALook_IsInItAndUnderItsSenderName()
    {
        await GivenAsync();
        var branding = Branding.Default with { Light = Branding.Default.Light with { Accent = "#123456" }, SenderName = "Acme accounts" };

        var mail = await WriteAsync(Drafts[6], Tenant with { Branding = branding });

        Assert.Equal("Acme accounts", mail.Mail.SenderName);
        Assert.Contains("background:#123456", mail.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColorScheme.Auto, "light dark", true)]
    [InlineData(ColorScheme.Light, "light", false)]
    [InlineData(ColorScheme.Dark, "dark", false)]
    public async Task Add_ForATenantWithAScheme_FollowsTheDeviceOnlyWhereTheTenantDoes(ColorScheme scheme, string expected, bool hasRules)
    {
        await GivenAsync();

        var html = (await WriteAsync(Drafts[0], Tenant with { Branding = Branding.Default with { ColorScheme = scheme } })).Html;

        Assert.Contains($"<meta name=\"color-scheme\" content=\"{expected}\"", html, StringComparison.Ordinal);
        Assert.Equal(hasRules, html.Contains("prefers-color-scheme:dark", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Add_PersonWithALanguage_IsInThatLanguage()
    {
        await GivenAsync(configure: user => user.Language = "de");

        Assert.Equal("Ihr Code für Tenant acme", (await WriteAsync(Drafts[0] with { Language = "en" })).Subject);
    }

    [Fact]
    public async Task Add_RolledBack_LeavesNoMail()
    {
        await GivenAsync();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await using var transaction = await scope.Database.Database.BeginTransactionAsync();
            await scope.Services.GetRequiredService<Outbox>().AddAsync(scope.Database, Tenant, User, Drafts[1], CancellationToken.None);
            await scope.Database.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        Assert.Empty(await ReadAsync(database => database.OutboxMails.ToListAsync()));
    }

    private async Task<ReceivedMail> WriteAsync(MailDraft draft, TenantProfile? tenant = null)
    {
        await using var scope = Host.OpenTenant(Tenant);
        await scope.Services.GetRequiredService<Outbox>().AddAsync(scope.Database, tenant ?? Tenant, User, draft, CancellationToken.None);
        await scope.Database.SaveChangesAsync();
        return (await Host.Services.ReadMailsAsync(Address))[^1];
    }
}
