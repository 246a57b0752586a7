using System.Globalization;
using System.Text;
using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using CoreProblem = LoginPortal.Core.Registration.FieldProblem;
using CoreProblemKind = LoginPortal.Core.Registration.FieldProblemKind;
using FieldProblem = LoginPortal.Api.Http.FieldProblem;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Opening an account oneself. The account goes on in the mailbox, so the client is told the same for every address.</summary>
internal static class TenantAuthRegistration
{
    private const int MaximumEntries = RegistrationRules.MaximumCustomValues;
    private const int MaximumCustomBytes = RegistrationRules.MaximumCustomBytes;

    public static void MapTenantAuthRegistration(this IEndpointRouteBuilder tenant)
    {
        tenant.MapPost("/register", RegisterAsync).Answers<Envelope<RegisterResponse>>().Says("Register", 403, 404, 429);
        tenant.MapPost("/verify-email/resend", ResendAsync).Answers<Envelope<StatusResponse>>().Says("Another mail about an account that was opened", 404, 429);
    }

    private static async Task<IResult> RegisterAsync(
        Body<RegisterRequest> body,
        TenantContext tenant,
        AccountRegistration registration,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        List<FieldProblem> malformed = [.. new[]
        {
            TenantAuthMapper.CheckRedirect(request.RedirectUri, tenant.Required),
            ReadCustom(request.CustomData, out var custom),
        }.OfType<FieldProblem>()];
        if (malformed.Count > 0)
        {
            return ApiError.Malformed(malformed);
        }

        var form = new RegistrationForm
        {
            Address = request.Email,
            Password = request.Password,
            GivenName = request.FirstName,
            FamilyName = request.LastName,
            CustomFields = custom,
            AcceptsTerms = request.AcceptTerms,
            CaptchaResponse = request.CaptchaToken,
            MustProve = true,
        };
        return await registration.RegisterAsync(
            tenant.Required.Id, ApiSignIn.BindingOf(TenantAuthContract.Contract.Name), returnUrl: null, form, caller.Facts, cancellationToken) switch
        {
            RegistrationResult.MailSent(var id) => envelopes.Ok(
                new RegisterResponse(id.ToString(), "verification_required", "A mail is on its way. Follow its link to go on.")),
            RegistrationResult.Refused(var fields, var password) => ApiError.Malformed(
                [.. fields.Select(ToWire), .. password.Select(problem => TenantAuthMapper.ToProblem("password", problem))]),
            RegistrationResult.CaptchaFailed => ApiError.Malformed(string.IsNullOrEmpty(request.CaptchaToken)
                ? FieldProblem.Missing("body", "captcha_token")
                : FieldProblem.InBody("captcha_token", "captcha_failed", "The proof is wrong, too old, or has been used. Ask for another challenge.")),
            RegistrationResult.Throttled(var wait) => ApiError.TooManyAttempts(wait),
            RegistrationResult.Busy => ApiError.TooManyAttempts(SignInRunner.BusyDelay),
            _ => new ApiError(403, "registration_disabled", "This organisation does not take registrations."),
        };
    }

    private static async Task<IResult> ResendAsync(
        Body<ResendVerificationRequest> body,
        TenantContext tenant,
        AccountRegistration registration,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken) =>
        await registration.ResendAsync(tenant.Required.Id, body.Value.Email!, caller.Facts, cancellationToken) is { } wait
            ? ApiError.TooManyAttempts(wait)
            : envelopes.Ok(new StatusResponse("accepted", "If an account waits for its address to be confirmed, a mail with a link is on its way."));

    /// <summary>Reads the tenant's own fields, whose values are all text to it.</summary>
    private static FieldProblem? ReadCustom(JsonElement? data, out Dictionary<string, string?> custom)
    {
        custom = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (data is not { } fields)
        {
            return null;
        }

        if (fields.GetPropertyCount() > MaximumEntries || Encoding.UTF8.GetByteCount(fields.GetRawText()) > MaximumCustomBytes)
        {
            return FieldProblem.InBody("custom_data", "too_long", string.Create(
                CultureInfo.InvariantCulture, $"At most {MaximumEntries} entries and {MaximumCustomBytes} bytes"));
        }

        foreach (var field in fields.EnumerateObject())
        {
            if (field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array || !TryReadText(field, out var name, out var value))
            {
                return FieldProblem.InBody("custom_data", "dict_type", "Input should be a flat dictionary of Unicode texts, numbers and truth values");
            }

            custom[name] = value;
        }

        return null;
    }

    /// <summary>Reads an entry; half of a character, which JSON can escape, is no text.</summary>
    private static bool TryReadText(JsonProperty field, out string name, out string? value)
    {
        (name, value) = ("", null);
        try
        {
            (name, value) = (field.Name, field.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => field.Value.GetString(),
                _ => field.Value.GetRawText(),
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static FieldProblem ToWire(CoreProblem problem)
    {
        var field = problem.Field switch
        {
            "username" => "email",
            "given-name" => "first_name",
            "family-name" => "last_name",
            "terms" => "accept_terms",
            _ => "custom_data",
        };
        var key = field == "custom_data" ? problem.Field["field-".Length..] : "";
        var subject = key.Length > 0 ? $"{key}: " : "";
        return problem.Kind switch
        {
            CoreProblemKind.Missing => FieldProblem.InBody(field, "missing", $"{subject}Field required"),
            CoreProblemKind.AddressMalformed => FieldProblem.InBody(field, "value_error", "value is not a valid email address"),
            CoreProblemKind.DomainNotAllowed => FieldProblem.InBody(field, "domain_not_allowed", "Addresses of this domain cannot register here"),
            _ => FieldProblem.InBody(field, "value_error", $"{subject}The value is too long, not one of those offered, or has characters that cannot be shown"),
        };
    }
}
