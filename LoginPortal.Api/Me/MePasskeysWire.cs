using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace LoginPortal.Api.Me;

/// <summary>One of the person's passkeys.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">What the person or else its authenticator calls it; empty where neither does.</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC.</param>
/// <param name="Synced">Whether it can be on several devices.</param>
/// <param name="SignsInAlone">Whether it is a way in of its own, not a second factor only.</param>
internal sealed record PasskeyResponse(
    string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool Synced, bool SignsInAlone);

/// <summary>What a browser made.</summary>
internal sealed record MePasskeyRequest
{
    [Required]
    public string? ChallengeId { get; init; }

    [Required, Description("The credential of the browser, as JSON.")]
    public JsonElement? Credential { get; init; }

    public string? Name { get; init; }
}

/// <summary>Another name for a passkey; an empty one stands for its authenticator's own.</summary>
internal sealed record MePasskeyNameRequest
{
    [Required]
    public string? Name { get; init; }
}

/// <summary>A passkey that has been added, and for whoever owed a second factor before signing in, their tokens.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="RecoveryCodes">New recovery codes, shown once; <see langword="null"/> if none were due.</param>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">The token's life in seconds.</param>
/// <param name="RefreshToken">Good for the next pair, once.</param>
internal sealed record PasskeyAddedResponse(
    string Id,
    string Name,
    IReadOnlyList<string>? RecoveryCodes,
    string? AccessToken = null,
    string? TokenType = null,
    int? ExpiresIn = null,
    string? RefreshToken = null);
