using System.Globalization;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Components.Administration.Policy;

/// <summary>The settings as they are typed: what is no number yet stays as it is.</summary>
internal sealed class PolicyInput
{
    private readonly TenantDocument _document;

    public PolicyInput(TenantDocument document)
    {
        _document = document;
        Policy = document.Policy;
        DisplayName = document.DisplayName;
        AllowedOrigins = Lines(document.AllowedOrigins);
        RedirectUris = Lines(Policy.RedirectUris);
        AllowedDomains = Lines(Policy.Registration.AllowedDomains);
        TrustedDeviceDays = Policy.TrustedDeviceDays.ToString(CultureInfo.InvariantCulture);
        SessionHours = Policy.SessionLifetime.TotalHours.ToString("0.##", CultureInfo.InvariantCulture);
        IdleMinutes = Policy.SessionIdleTimeout.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);
        RememberedDays = Policy.RememberedSessionLifetime.TotalDays.ToString("0.##", CultureInfo.InvariantCulture);
        MinimumPasswordLength = Policy.MinimumPasswordLength?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What is not typed: switches, choices, dates and lists.</summary>
    public TenantPolicy Policy { get; set; }

    public string? DisplayName { get; set; }

    public string? AllowedOrigins { get; set; }

    public string? RedirectUris { get; set; }

    public string? AllowedDomains { get; set; }

    public string? TrustedDeviceDays { get; set; }

    public string? SessionHours { get; set; }

    public string? IdleMinutes { get; set; }

    public string? RememberedDays { get; set; }

    public string? MinimumPasswordLength { get; set; }

    /// <summary>The settings, and the fields whose numbers are none: those keep the value that there was.</summary>
    public TenantDocument Read(out IReadOnlyList<string> unreadable)
    {
        var fields = new List<string>();
        var policy = Policy with
        {
            RedirectUris = Entries(RedirectUris),
            TrustedDeviceDays = (int)Number("Policy.TrustedDeviceDays", TrustedDeviceDays, _document.Policy.TrustedDeviceDays, isWhole: true),
            SessionLifetime = Lasting("Policy.SessionLifetime", SessionHours, _document.Policy.SessionLifetime, TimeSpan.FromHours(1)),
            SessionIdleTimeout = Lasting("Policy.SessionIdleTimeout", IdleMinutes, _document.Policy.SessionIdleTimeout, TimeSpan.FromMinutes(1)),
            RememberedSessionLifetime = Lasting("Policy.RememberedSessionLifetime", RememberedDays, _document.Policy.RememberedSessionLifetime, TimeSpan.FromDays(1)),
            MinimumPasswordLength = string.IsNullOrWhiteSpace(MinimumPasswordLength)
                ? null
                : (int)Number("Policy.MinimumPasswordLength", MinimumPasswordLength, _document.Policy.MinimumPasswordLength ?? 0, isWhole: true),
            SecondFactorRequiredFrom = Policy.SecondFactor == SecondFactorRequirement.Required ? Policy.SecondFactorRequiredFrom : null,
            Registration = Policy.Registration with
            {
                AllowedDomains = Entries(AllowedDomains?.ToLowerInvariant()),
                TermsVersion = string.IsNullOrWhiteSpace(Policy.Registration.TermsVersion) ? null : Policy.Registration.TermsVersion.Trim(),
            },
        };
        unreadable = fields;
        return new TenantDocument(DisplayName?.Trim() ?? "", policy, Entries(AllowedOrigins));

        double Number(string field, string? text, double present, bool isWhole)
        {
            if (double.TryParse(text?.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number is > -1_000_000 and < 1_000_000
                && (!isWhole || double.IsInteger(number)))
            {
                return number;
            }

            fields.Add(field);
            return present;
        }

        // What is shown rounded, and was not touched, stays to the second as it is.
        TimeSpan Lasting(string field, string? text, TimeSpan present, TimeSpan unit) =>
            text == (present / unit).ToString("0.##", CultureInfo.InvariantCulture) ? present : unit * Number(field, text, present / unit, isWhole: false);
    }

    private static string Lines(IEnumerable<string> entries) => string.Join('\n', entries);

    private static string[] Entries(string? lines) =>
        (lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
