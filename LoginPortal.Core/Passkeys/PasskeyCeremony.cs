using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// What the portal wants to know when a challenge comes back answered. It travels through the browser, protected against reading and changing,
/// so that a sign-in page that is only looked at leaves nothing in the database.
/// </summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="Purpose">What the answer is good for.</param>
/// <param name="BindingHash">SHA-256 of the browser's binding cookie.</param>
/// <param name="ContextId">The flow or the session it belongs to; <see cref="Guid.Empty"/> before there is a flow.</param>
/// <param name="ExpectedUserId">Who may answer: <see langword="null"/> for anybody, <see cref="Guid.Empty"/> for nobody.</param>
/// <param name="IsConditional">Whether the browser creates the passkey by itself, without asking the person.</param>
/// <param name="State">The handler's state, with the challenge.</param>
/// <param name="ExpiresAt">When the challenge stops working, UTC.</param>
public sealed record PasskeyCeremony(
    Guid TenantId,
    PasskeyPurpose Purpose,
    string BindingHash,
    Guid ContextId,
    Guid? ExpectedUserId,
    bool IsConditional,
    string State,
    DateTimeOffset ExpiresAt)
{
    /// <summary>How long a challenge works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>What a new passkey must be.</summary>
    public PasskeyKind Kind { get; init; }

    /// <summary>SHA-256 over the challenge, under which it is spent.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ChallengeHash => Data.Secret.Hash(State);

    /// <summary>The handler's state for an answer: where the sealed ceremony was the challenge, with that in place of the random one.</summary>
    internal string StateFor(PasskeyAnswer answer)
    {
        if (CredentialJson.ChallengeOf(answer.CredentialJson) is not { } challenge || challenge != answer.Ceremony)
        {
            return State;
        }

        var state = System.Text.Json.Nodes.JsonNode.Parse(State)!;
        var name = state.AsObject().Single(member => string.Equals(member.Key, "challenge", StringComparison.OrdinalIgnoreCase)).Key;
        state[name] = Convert.ToBase64String(WebEncoders.Base64UrlDecode(challenge));
        return state.ToJsonString();
    }

    /// <summary>Without the challenge: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(PasskeyCeremony)} {Purpose}";
}

/// <summary>What a ceremony is for. An answer to one is no answer to another.</summary>
public enum PasskeyPurpose
{
    /// <summary>Signing in with nothing else: the authenticator checks who the person is.</summary>
    SignIn = 0,

    /// <summary>The second factor after a password.</summary>
    SecondFactor = 1,

    /// <summary>Adding a passkey.</summary>
    Registration = 2,
}

/// <summary>What a new passkey must be.</summary>
public enum PasskeyKind
{
    /// <summary>Whatever the person has: their authenticator is asked to check them and to keep the passkey, and need not.</summary>
    Any = 0,

    /// <summary>One that the authenticator keeps and that checks who the person is: it signs in alone.</summary>
    Discoverable = 1,

    /// <summary>One that proves a touch: a second factor and nothing else, whatever the authenticator can do.</summary>
    SecurityKey = 2,
}

/// <summary>A ceremony as a page gets it.</summary>
/// <param name="OptionsJson">
/// <c>PublicKeyCredentialRequestOptionsJSON</c> or <c>PublicKeyCredentialCreationOptionsJSON</c> (Web Authentication Level 3, 5.1.8 and 5.1.9).
/// </param>
/// <param name="Ceremony">To be handed back with the answer.</param>
public sealed record PasskeyOptions(string OptionsJson, string Ceremony)
{
    /// <summary>
    /// The same for a client that hands back the answer alone: the sealed ceremony is the challenge. It is as new, as unforgeable and as often
    /// good as the random challenge inside it.
    /// </summary>
    public string OptionsJsonWithCeremony
    {
        get
        {
            var options = System.Text.Json.Nodes.JsonNode.Parse(OptionsJson)!;
            options["challenge"] = Ceremony;
            return options.ToJsonString();
        }
    }
}

/// <summary>Reads sealed ceremonies.</summary>
public interface IPasskeyCeremonyReader
{
    /// <summary>The ceremony, whatever it is for; <see langword="null"/> if it is none or too old.</summary>
    PasskeyCeremony? Read(string? text);
}

/// <summary>Seals ceremonies for their way through the browser.</summary>
internal sealed class PasskeyCeremonySeal(IDataProtectionProvider protection, TimeProvider time) : IPasskeyCeremonyReader
{
    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Passkeys.Ceremony.v1");

    public string Seal(PasskeyCeremony ceremony) => WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ceremony)));

    /// <summary>The ceremony; <see langword="null"/> if it is none, too old, of another purpose, tenant, browser, flow or session.</summary>
    public PasskeyCeremony? Open(string? text, PasskeyPurpose purpose, Guid tenantId, string bindingHash, Guid contextId) =>
        Read(text) is { } ceremony
        && ceremony.Purpose == purpose
        && ceremony.TenantId == tenantId
        && ceremony.BindingHash == bindingHash
        && ceremony.ContextId == contextId
            ? ceremony
            : null;

    /// <inheritdoc />
    public PasskeyCeremony? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            var ceremony = JsonSerializer.Deserialize<PasskeyCeremony>(Encoding.UTF8.GetString(_protector.Unprotect(WebEncoders.Base64UrlDecode(text))));
            return ceremony?.ExpiresAt > time.GetUtcNow() ? ceremony : null;
        }
        catch (Exception exception) when (exception is FormatException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
