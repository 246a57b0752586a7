using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

/// <summary>What an answer means, whatever its contract calls it.</summary>
public enum Meaning
{
    Other = 0,
    SignedIn = 1,
    SecondFactorNeeded = 2,
    EnrolmentOwed = 3,
    CredentialsRefused = 4,
    CodeRefused = 5,
    CodeUsed = 6,
    HandleEnded = 7,
    AddressNotVerified = 8,
    PasswordChangeNeeded = 9,
    Throttled = 10,
    Malformed = 11,
    Done = 12,
    PasskeyRefused = 13,
}

/// <summary>An answer of a contract, read.</summary>
public sealed record Answer(HttpStatusCode Status, Meaning Meaning, JsonElement Json)
{
    /// <summary>The bearer token.</summary>
    public string? Token { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>What the second factor is given with.</summary>
    public string? Handle { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body without what differs from request to request.</summary>
    public string Comparable => System.Text.RegularExpressions.Regex.Replace(
        $"{(int)Status} {Json.GetRawText()}", "\"(?:request_id|timestamp)\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    public override string ToString() => $"{Meaning}: {(int)Status} {Json.GetRawText()}";
}
