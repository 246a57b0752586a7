using System.Collections.Frozen;
using System.Text.Json;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// What common authenticators are called, by their AAGUID. The list, <c>authenticator-names.json</c>, is data: names that people know, not a
/// statement about who made a passkey, because an AAGUID without attestation proves nothing.
/// </summary>
public static class AuthenticatorNames
{
    private static readonly FrozenDictionary<Guid, string> Names = Read();

    /// <summary>The name; <see langword="null"/> for an authenticator that is not in the list or does not say what it is.</summary>
    public static string? Find(Guid aaguid) => Names.GetValueOrDefault(aaguid);

    private static FrozenDictionary<Guid, string> Read()
    {
        using var stream = typeof(AuthenticatorNames).Assembly.GetManifestResourceStream("LoginPortal.Core.Passkeys.authenticator-names.json")
            ?? throw new InvalidOperationException("The list of authenticators is missing.");
        return JsonSerializer.Deserialize<Dictionary<Guid, string>>(stream)!.ToFrozenDictionary();
    }
}
