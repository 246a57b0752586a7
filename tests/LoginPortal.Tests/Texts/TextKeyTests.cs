using System.Text.RegularExpressions;
using LoginPortal.Components.Administration;
using LoginPortal.Components.Administration.Activity;
using LoginPortal.Components.Administration.People;
using LoginPortal.Components.Administration.Policy;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using LoginPortal.Core.Tenants.Domains;

namespace LoginPortal.Tests.Texts;

/// <summary>The keys that the pages ask for and the keys that there are: the same, in each language.</summary>
public sealed partial class TextKeyTests
{
    /// <summary>What stands in the gap of a key that is put together while the page is drawn.</summary>
    private static readonly Dictionary<string, IEnumerable<string>> Families = new(StringComparer.Ordinal)
    {
        ["Rejection."] = Enum.GetNames<RejectionCode>(),
        ["NewPassword."] = Enum.GetNames<PasswordProblem>(),
        ["Field."] = Enum.GetNames<FieldProblemKind>(),
        ["Role."] = Enum.GetNames<PortalRole>(),
        ["Client.Kind."] = Enum.GetNames<OpenIdClientKind>(),
        ["Client.KindHint."] = Enum.GetNames<OpenIdClientKind>(),
        ["Client.Problem."] = Enum.GetNames<ClientProblem>(),
        ["Scope."] = OpenIdScope.All,
        ["AuthorizationError."] = [.. Enum.GetNames<UntrustedRequest>(), "SignOut"],
        ["Status."] = ["400", "403", "404", "500", "503"],
        ["Strength."] = ["0", "1", "2", "3", "4"],
        ["Administration."] = AdministrationSection.All.Select(section => section.Name),
        ["Administration.Branding.Problem."] = Enum.GetNames<BrandingProblemKind>(),
        ["Administration.Branding.Styles."] = Enum.GetNames<CustomStylesProblemKind>(),
        ["Administration.Branding.Scheme."] = Enum.GetNames<ColorScheme>(),
        ["Administration.Branding.Layout."] = Enum.GetNames<PageLayout>(),
        ["Administration.Branding.Font."] = Enum.GetNames<FontStack>(),
        ["Administration.Branding.Page."] = PreviewPage.States,
        ["People.State."] = Enum.GetNames<AccountState>(),
        ["People.Action."] = Enum.GetNames<AccountAction>(),
        ["People.Ask."] = Enum.GetNames<AccountAction>(),
        ["People.Done."] = Enum.GetNames<AccountAction>(),
        ["People.Refused."] = ["NotFound", "OwnAccount", "NotAllowed", "LastAdministrator", "AddressMalformed", "AddressTaken", "TooManyMails", "Busy"],
        ["Import.Meaning."] = AccountImportFile.Columns,
        ["Import.FileProblem."] = Enum.GetNames<AccountFileProblem>(),
        ["Import.Problem."] = Enum.GetNames<AccountImportProblem>(),
        ["Audit.Kind."] = [.. AuditWords.Kinds, "other"],
        ["Audit.Outcome."] = Enum.GetNames<SecurityEventOutcome>(),
        ["Administration.Branding.Background."] = Enum.GetNames<BackgroundKind>(),
        ["Administration.Branding.Preset."] = BrandingPresets.All.Select(preset => preset.Name),
        ["Administration.Asset."] = Enum.GetNames<AssetProblemKind>(),
        ["Administration.BrandingFile."] = Enum.GetNames<BrandingFileProblem>(),
        ["Administration.Domains.Problem."] = Enum.GetNames<DomainProblem>(),
        ["Administration.Domains.Found."] = Enum.GetNames<DomainProofResult>(),
        ["Administration.Keys.Status."] = Enum.GetNames<SigningKeyStatus>(),
        ["Administration.Tenants.Problem."] = Enum.GetNames<TenantField>(),
        ["Administration.Consequence."] = Enum.GetNames<PolicyConsequenceKind>(),
        ["Administration.Settings."] = Enum.GetNames<SettingsProblemCode>(),
        ["Administration.Policy."] = PolicyWords.Fields,
        ["Administration.Policy.Identification."] = Enum.GetNames<IdentificationLayout>(),
        ["Administration.Policy.SecondFactor."] = Enum.GetNames<SecondFactorRequirement>(),
        ["Administration.Policy.Method."] = ["Totp", "EmailCode"],
        ["Administration.Policy.MethodHint."] = ["Totp", "EmailCode"],
        ["Administration.Policy.Names."] = Enum.GetNames<FieldRequirement>(),
        ["Administration.Policy.Captcha."] = Enum.GetNames<CaptchaKind>(),
        ["Administration.Policy.QuestionKind."] = Enum.GetNames<CustomFieldKind>(),
        ["SecondFactor.Way."] = Enum.GetNames<SecondFactorMethod>(),
        ["Safety."] = Enum.GetNames<AccountSafety>(),
        ["Advice."] = Enum.GetNames<AccountAdvice>(),
        ["Activity.Event."] =
        [
            "SignIn", "AuthenticatorAdded", "AuthenticatorRemoved", "RecoveryCodeUsed", "RecoveryCodesReplaced", "PasskeyAdded",
            "PasskeyRemoved", "PasskeyCounterRegressed", "PasskeyVerification", "TrustedDeviceRemoved", "SessionEnded", "PasswordChanged",
            "PasswordResetRequested", "AddressVerified", "AccountRegistered", "AccountRegisteredRefused", "AddressChanged", "AddressChangeUndone",
            "ErasureRequested", "ErasureUndone", "DataExported", "ProfileChanged", "PictureChanged", "IncidentReported",
            "ApiKeyCreated", "PasswordVerification", "TotpVerification", "RecoveryCodeVerification", "EmailCodeVerification",
        ],
    };

    /// <summary>Keys that are handed on by name: the words of a countdown, and the mails.</summary>
    private static readonly IEnumerable<string> HandedOn =
    [
        "SecondFactor.ResendWait.One", "SecondFactor.ResendWait.Other", "EmailVerification.ResendWait.One", "EmailVerification.ResendWait.Other",
        "Mail.LinkHint", "Mail.Footer",
        .. new[]
            {
                "EmailCode", "AuthenticatorAdded", "AuthenticatorRemoved", "RecoveryCodeUsed", "RecoveryCodesReplaced",
                "VerifyAddress", "ResetPassword", "PasswordChanged", "PasskeyAdded", "PasskeyRemoved", "PasskeySuspicious",
                "ConfirmRegistration", "FinishRegistration", "AccountExists", "SignInCode", "Invitation", "ConfirmNewAddress", "AddressChanged", "AddressInUse",
                "AccountCreated", "AccountDisabled", "AccountEnabled", "SecondFactorsReset", "SessionsEndedByAdministrator", "SessionEndedByAdministrator", "RoleChanged",
                "AccountErasureRequested", "AccountErasureByAdministrator", "AccountErasureUndone", "DataDownloaded", "ProfileChanged", "SessionsEnded",
                "IncidentReported", "IncidentOfMember",
            }
            .SelectMany(mail => new[] { $"Mail.{mail}.Subject", $"Mail.{mail}.Body" }),
        .. new[]
            {
                "VerifyAddress", "ResetPassword", "PasswordChanged", "PasskeySuspicious", "ConfirmRegistration", "FinishRegistration", "AccountExists",
                "Invitation", "ConfirmNewAddress", "AddressChanged", "AccountErasureRequested", "AccountErasureUndone", "DataDownloaded", "AccountCreated",
                "ProfileChanged", "SessionsEnded", "IncidentReported",
            }
            .Select(mail => $"Mail.{mail}.Button"),
    ];

    [Fact]
    public void Keys_ThatPagesUse_AreThereInEnglishAndGerman()
    {
        var used = UsedKeys();

        Assert.True(used.Count > 60, $"Only {used.Count} keys were found: the search no longer fits the sources.");
        Assert.Empty(used.Except(TextFiles.English.Keys, StringComparer.Ordinal));
        Assert.Empty(used.Except(TextFiles.German.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_ThatThereAre_AreAllUsed() => Assert.Empty(TextFiles.English.Keys.Except(UsedKeys(), StringComparer.Ordinal));

    [Fact]
    public void Keys_OfTheTwoLanguages_AreTheSame()
    {
        Assert.Empty(TextFiles.English.Keys.Except(TextFiles.German.Keys, StringComparer.Ordinal));
        Assert.Empty(TextFiles.German.Keys.Except(TextFiles.English.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Placeholders_OfTheTwoLanguages_AreTheSame() => Assert.All(
        TextFiles.English,
        text => Assert.Equal(
            (text.Key, string.Join(' ', TextFiles.PlaceholdersOf(text.Value))),
            (text.Key, string.Join(' ', TextFiles.PlaceholdersOf(TextFiles.German[text.Key])))));

    [Fact]
    public void Texts_OfEachLanguage_AreWrittenAndTidy() => Assert.All(
        TextFiles.English.Concat(TextFiles.German),
        text =>
        {
            Assert.NotEqual("", text.Value);
            Assert.Equal(text.Value.Trim(), text.Value);
            Assert.DoesNotContain("  ", text.Value, StringComparison.Ordinal);
            Assert.DoesNotContain('<', text.Value);
        });

    [Fact]
    public void Sentences_InGerman_AreNotTheEnglishOnes() => Assert.DoesNotContain(
        TextFiles.English,
        text => text.Value.Contains(' ', StringComparison.Ordinal) && text.Key != "Page.Title" && TextFiles.German[text.Key] == text.Value);

    /// <summary>Each key in a source, the families of keys spelled out.</summary>
    private static HashSet<string> UsedKeys()
    {
        var used = new HashSet<string>(HandedOn, StringComparer.Ordinal);
        foreach (var (path, source) in TextFiles.Sources("LoginPortal", "LoginPortal.Api"))
        {
            foreach (Match call in Asked().Matches(source))
            {
                foreach (Match literal in Literal().Matches(call.Groups["argument"].Value))
                {
                    var key = literal.Groups["key"].Value;
                    used.UnionWith(call.Value.Contains("Plural", StringComparison.Ordinal) ? [key + ".One", key + ".Other"] : Expand(path, key));
                }
            }
        }

        return used;
    }

    private static IEnumerable<string> Expand(string path, string key)
    {
        var gap = key.IndexOf('{', StringComparison.Ordinal);
        if (gap < 0)
        {
            return [key];
        }

        Assert.True(Families.TryGetValue(key[..gap], out var members), $"{path} puts the key '{key}' together: say in Families of what.");
        return members!.Select(member => key[..gap] + member + key[(key.IndexOf('}', gap) + 1)..]);
    }

    [GeneratedRegex("""(?:\bText\[|(?<=class PortalText[\s\S]*)this\[|\b(?:Format|Plural)\()(?<argument>[^\],;]*)""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\$?"(?<key>[A-Z][A-Za-z0-9]*(?:\.(?:[A-Za-z0-9]+|\{[^}"]+\}))+)"(?!\s*=>)""")]
    private static partial Regex Literal();
}
