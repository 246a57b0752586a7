namespace LoginPortal.Core.Accounts;

/// <summary>The name to call a person by.</summary>
internal static class PersonName
{
    /// <summary>Given and family name; the address where there is neither.</summary>
    public static string Of(string givenName, string familyName, string? address) =>
        $"{givenName} {familyName}".Trim() is { Length: > 0 } name ? name : address ?? "";
}
