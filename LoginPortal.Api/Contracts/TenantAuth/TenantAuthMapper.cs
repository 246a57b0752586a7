using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Turns what Core says into the contract's own shapes; decides nothing.</summary>
internal static class TenantAuthMapper
{
    private const string Bearer = "Bearer";

    public static ApiError TokenInvalid { get; } = new(401, "mfa_token_invalid", "This sign-in is over. Start again with the password.");

    public static ApiError LinkInvalid { get; } = new(400, "token_invalid", "This link does not work any more. Ask for another.");

    public static ApiError PasswordUnchanged { get; } = ApiError.Malformed(
        FieldProblem.InBody("new_password", "password_unchanged", "The password is the present one."));

    /// <summary>The answer of <c>/login</c>; <see langword="null"/> for what is an error.</summary>
    public static LoginResponse? ToLogin(ApiSignInOutcome outcome, TenantProfile tenant) => outcome switch
    {
        ApiSignInOutcome.SignedIn signedIn => new LoginResponse(
            "success",
            signedIn.Tokens.UserId.ToString(),
            SessionId: signedIn.Tokens.SessionId.ToString(),
            RedirectUri: RedirectOf(tenant),
            AccessToken: signedIn.Tokens.Access.Text,
            TokenType: Bearer,
            ExpiresIn: signedIn.Tokens.Access.ExpiresIn,
            RefreshToken: signedIn.Tokens.RefreshToken),
        ApiSignInOutcome.SecondFactorNeeded needed => new LoginResponse(
            "mfa_required",
            needed.UserId.ToString(),
            MfaRequired: true,
            needed.Handle,
            [.. needed.Usable.Select(NameOf)],
            needed.Usable.Select(NameOf).FirstOrDefault()),
        ApiSignInOutcome.EnrolmentNeeded owed => new LoginResponse(
            "enrollment_required",
            owed.UserId.ToString(),
            AccessToken: owed.Token.Text,
            TokenType: Bearer,
            ExpiresIn: owed.Token.ExpiresIn),
        _ => null,
    };

    /// <summary>The answer of <c>/mfa/verify</c>; <see langword="null"/> for what is an error.</summary>
    public static MFAChallengeResponse? ToChallenge(ApiSignInOutcome outcome, TenantProfile tenant) => outcome switch
    {
        ApiSignInOutcome.SignedIn signedIn => new MFAChallengeResponse(
            "success",
            signedIn.Tokens.SessionId.ToString(),
            RedirectOf(tenant),
            signedIn.TrustedDevice?.Token,
            AccessToken: signedIn.Tokens.Access.Text,
            TokenType: Bearer,
            ExpiresIn: signedIn.Tokens.Access.ExpiresIn,
            RefreshToken: signedIn.Tokens.RefreshToken),
        ApiSignInOutcome.Refused(RejectionCode.CodeUsed) => Failed("code_used"),
        ApiSignInOutcome.Refused(>= RejectionCode.PasskeyNotAccepted and <= RejectionCode.PasskeyNotVerified) => Failed("assertion_rejected"),
        ApiSignInOutcome.Refused => Failed("invalid_code"),
        _ => null,
    };

    public static MFAChallengeResponse Failed(string error) => new("failed", Error: error);

    public static TokenResponse ToTokens(TokenPair pair) =>
        new(pair.Access.Text, Bearer, pair.Access.ExpiresIn, pair.RefreshToken, pair.SessionId.ToString());

    /// <summary>The step that a method's code belongs to; <see langword="null"/> for a method that takes none.</summary>
    public static StepInput? ToInput(MFAChallengeRequest request)
    {
        var trust = request.RememberDevice || request.TrustDevice;
        return request.Method switch
        {
            "totp" => new StepInput.Totp(request.Code, trust),
            "email" => new StepInput.EmailCode(request.Code, trust),
            "recovery_code" => new StepInput.RecoveryCode(request.Code),
            "webauthn" => new StepInput.Passkey(new PasskeyAnswer(request.Credential?.GetRawText(), request.ChallengeId), Remember: false, trust),
            _ => null,
        };
    }

    public static ApiError PasswordNotAllowed(IReadOnlyList<PasswordProblem> problems) => ApiError.Malformed(
        [.. problems.Select(problem => ToProblem("new_password", problem))]);

    public static FieldProblem ToProblem(string field, PasswordProblem problem) =>
        FieldProblem.InBody(field, $"password_{PasswordWords.CodeOf(problem)}", PasswordWords.MessageOf(problem));

    /// <summary>What is wrong with the address that the browser shall be sent to.</summary>
    public static FieldProblem? CheckRedirect(string? address, TenantProfile tenant) =>
        address is null || tenant.Policy.RedirectUris.Contains(address, StringComparer.Ordinal)
            ? null
            : FieldProblem.InBody("redirect_uri", "value_error", "The address is not registered for the tenant");

    public static BrandingResponse ToBranding(TenantProfile tenant, Uri portalOrigin, string? captchaChallenge)
    {
        var branding = tenant.Branding;
        return new BrandingResponse(
            tenant.DisplayName,
            branding.ColorScheme,
            new BrandingColors(branding.Light, branding.Dark),
            branding.CornerRadius,
            AssetAddress(branding.LogoLight),
            AssetAddress(branding.LogoDark ?? branding.LogoLight),
            branding.Texts,
            tenant.Policy.Languages,
            tenant.Policy.AllowPasskeys ? ["password", "passkey"] : ["password"],
            tenant.Policy.Registration.IsOpen,
            new BrandingCaptcha(tenant.Policy.Registration.Captcha, captchaChallenge),
            branding.TermsLink,
            branding.PrivacyLink,
            branding.SupportLink);

        Uri? AssetAddress(string? key) =>
            key is null ? null : new Uri(tenant.BaseAddress(portalOrigin), $"brand/assets/{key}");
    }

    /// <summary>The contract's name of a method.</summary>
    public static string NameOf(SecondFactorMethod method) => method switch
    {
        SecondFactorMethod.Totp => "totp",
        SecondFactorMethod.EmailCode => "email",
        SecondFactorMethod.RecoveryCode => "recovery_code",
        _ => "webauthn",
    };

    private static string? RedirectOf(TenantProfile tenant) => tenant.Policy.RedirectUris is [var first, ..] ? first : null;
}
