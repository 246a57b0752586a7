using System.Text.Json;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Admin;

/// <summary>The settings and the rules of the administrator's tenant.</summary>
internal static class AdminSettings
{
    private const string Version = "version";

    public static void MapAdminSettings(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/settings", ShowSettingsAsync).Answers<Envelope<AdminSettingsResponse>>().Says("The settings", 401, 403).RequireBearer();
        admin.MapPatch("/settings", ChangeSettingsAsync).Answers<Envelope<AdminSettingsResponse>>().Says("Change settings", 401, 403, 409).RequireBearer();
        admin.MapGet("/policy", ShowPolicyAsync).Answers<Envelope<AdminPolicyResponse>>().Says("The rules", 401, 403).RequireBearer();
        admin.MapPatch("/policy", ChangePolicyAsync).Answers<Envelope<AdminPolicyResponse>>().Says("Change rules", 401, 403, 409).RequireBearer();
    }

    private static async Task<IResult> ShowSettingsAsync(
        TenantSettings settings, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await settings.ShowAsync(AdminEndpoints.SessionOf(caller, tenant), cancellationToken))
            .Answer(view => envelopes.Ok(AdminSettingsResponse.Of(view)));

    private static async Task<IResult> ShowPolicyAsync(
        TenantSettings settings, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await settings.ShowAsync(AdminEndpoints.SessionOf(caller, tenant), cancellationToken))
            .Answer(view => envelopes.Ok(new AdminPolicyResponse(AdminPolicy.Of(view.Document.Policy), view.Version)));

    private static Task<IResult> ChangeSettingsAsync(
        Patch<AdminSettingsPatch> patch,
        TenantSettings settings,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken) => ChangeAsync(
            settings,
            AdminEndpoints.SessionOf(caller, tenant),
            patch.Value,
            document => patch.ApplyTo(AdminSettingsPatch.Of(document), json.Value.SerializerOptions).ToDocument(document),
            field => field switch
            {
                "Policy.RedirectUris" => "redirect_uris",
                "Policy.Registration.Captcha" => "captcha",
                _ => NameOf(field),
            },
            view => envelopes.Ok(AdminSettingsResponse.Of(view)),
            cancellationToken);

    private static Task<IResult> ChangePolicyAsync(
        Patch<AdminPolicyPatch> patch,
        TenantSettings settings,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken) => ChangeAsync(
            settings,
            AdminEndpoints.SessionOf(caller, tenant),
            patch.Value,
            document => document with
            {
                Policy = patch.ApplyTo(AdminPolicyPatch.Of(document.Policy), json.Value.SerializerOptions).ToPolicy(),
            },
            field => NameOf(field.StartsWith("Policy.", StringComparison.Ordinal) ? field["Policy.".Length..] : field),
            view => envelopes.Ok(new AdminPolicyResponse(AdminPolicy.Of(view.Document.Policy), view.Version)),
            cancellationToken);

    private static async Task<IResult> ChangeAsync(
        TenantSettings settings,
        AdministratorSession session,
        JsonElement patch,
        Func<TenantDocument, TenantDocument> change,
        Func<string, string> nameOf,
        Func<TenantSettingsView, IResult> answer,
        CancellationToken cancellationToken)
    {
        if (patch.TryGetProperty(Version, out var version) && version.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            return ApiError.Malformed(FieldProblem.InBody(Version, "string_type", "Input should be a valid string"));
        }

        try
        {
            var result = await settings.ChangeAsync(
                session, change, version.ValueKind == JsonValueKind.String ? version.GetString() : null, cancellationToken);
            return result.Answer(outcome => outcome switch
            {
                SettingsResult.Saved(var view) => answer(view),
                SettingsResult.Refused(var problems) => ApiError.Malformed([.. problems.Select(problem => SettingsWords.Of(problem, nameOf(problem.Field)))]),
                _ => AdminErrors.ChangedMeanwhile,
            });
        }
        catch (JsonException exception)
        {
            return Patches.Refuse(exception);
        }
    }

    private static string NameOf(string field) => string.Join('.', field.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

/// <summary>What is wrong with a setting, in words.</summary>
internal static class SettingsWords
{
    public static FieldProblem Of(SettingsProblem problem, string field) => FieldProblem.InBody(
        field,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Code.ToString()),
        problem.Code switch
        {
            SettingsProblemCode.Missing => "Field required",
            SettingsProblemCode.NotText => "The text is empty, too long, or has characters that cannot be shown on one line",
            SettingsProblemCode.UnknownValue => "There is no such value here",
            SettingsProblemCode.OutOfRange => string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"The value must be from {problem.Minimum} to {problem.Maximum}"),
            SettingsProblemCode.Duplicate => "A value is there twice",
            SettingsProblemCode.TooMany => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"At most {problem.Maximum} entries"),
            SettingsProblemCode.NotAnAddress => "Absolute addresses only: https, http on this machine, or an app's own scheme with a dot in it; no fragment, no credentials",
            SettingsProblemCode.NotAnOrigin => "Origins only, such as https://app.example.com, or android:apk-key-hash: and the hash of an app",
            SettingsProblemCode.NotADomain => "Domains only, such as example.com, in lower case",
            SettingsProblemCode.NoSecondFactorLeft => "A second factor is required, and none that people could set up is allowed: add totp, or allow passkeys",
            SettingsProblemCode.EmailCodeTwice => "A code by e-mail cannot stand for the password where it is the only second factor",
            SettingsProblemCode.DateWithoutRequirement => "A date is for a second factor that is required",
            SettingsProblemCode.LongerThanSession => "It would outlast the session",
            SettingsProblemCode.ShorterThanSession => "A remembered session cannot be shorter than another",
            SettingsProblemCode.TermsWithoutLink => "The branding has no link to the terms of use",
            _ => "The portal's operator has not configured this",
        });
}
