using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Components.Registration;

/// <summary>What is typed into a form that opens an account, while it is being typed.</summary>
public sealed class RegistrationInput
{
    /// <summary>The address.</summary>
    public string? Address { get; set; }

    /// <summary>Given name.</summary>
    public string? GivenName { get; set; }

    /// <summary>Family name.</summary>
    public string? FamilyName { get; set; }

    /// <summary>The password.</summary>
    public string? Password { get; set; }

    /// <summary>The values of custom fields, by their keys.</summary>
    public Dictionary<string, string?> CustomFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the terms of use are accepted.</summary>
    public bool AcceptsTerms { get; set; }

    /// <summary>The proof of not being a machine.</summary>
    public string? CaptchaResponse { get; set; }

    /// <summary>What the request posts; an empty form where it posts none, and in a circuit.</summary>
    public static RegistrationInput ReadPosted(HttpContext? context, TenantPolicy policy) =>
        context is { Request: { HasFormContentType: true } request } && HttpMethods.IsPost(request.Method) ? Read(request.Form, policy) : new();

    private static RegistrationInput Read(IFormCollection form, TenantPolicy policy)
    {
        var input = new RegistrationInput
        {
            Address = form["username"],
            GivenName = form["given-name"],
            FamilyName = form["family-name"],
            Password = form["new-password"],
            AcceptsTerms = form.ContainsKey("terms"),
            CaptchaResponse = form["captcha"],
        };
        foreach (var field in policy.CustomFields)
        {
            input.CustomFields[field.Key] = form[RegistrationRules.NameOf(field)];
        }

        return input;
    }

    /// <summary>What is handed to the rules.</summary>
    public RegistrationForm ToForm() => new()
    {
        Address = Address,
        Password = Password,
        GivenName = GivenName,
        FamilyName = FamilyName,
        CustomFields = CustomFields,
        AcceptsTerms = AcceptsTerms,
        CaptchaResponse = CaptchaResponse,
    };
}
