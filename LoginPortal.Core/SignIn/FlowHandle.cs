namespace LoginPortal.Core.SignIn;

/// <summary>
/// What a client without a browser holds of a sign-in that needs one more step: random, stored hashed, good only under the tenant and the
/// contract that issued it, dead after five wrong codes and after its first success.
/// </summary>
public sealed class FlowHandle
{
    /// <summary>How long a handle works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long it works while the person sets up a second factor, for which an app may have to be found first.</summary>
    public static readonly TimeSpan EnrolmentLifetime = TimeSpan.FromMinutes(15);

    /// <summary>The wrong codes that end it.</summary>
    public const int MaximumTries = 5;

    /// <summary>SHA-256 of the handle.</summary>
    public required string HandleHash { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The contract that issued it.</summary>
    public required string Contract { get; init; }

    /// <summary>The sign-in.</summary>
    public required Guid FlowId { get; init; }

    /// <summary>The person, who has given the right password.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Whether nothing is owed any more: the handle only fetches the tokens.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Codes tried, those being evaluated included.</summary>
    public int Tries { get; set; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
