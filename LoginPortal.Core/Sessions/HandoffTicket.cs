namespace LoginPortal.Core.Sessions;

/// <summary>
/// What a completed sign-in hands to the browser so that it can fetch its cookie over HTTP: single use, 60 seconds, bound
/// to the browser that signed in.
/// </summary>
public sealed class HandoffTicket
{
    /// <summary>How long a ticket can be redeemed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>SHA-256 of the ticket.</summary>
    public required string TicketHash { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The flow that earned it.</summary>
    public required Guid FlowId { get; init; }

    /// <summary>The session it opens.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>SHA-256 of the browser's binding cookie.</summary>
    public required string BindingHash { get; init; }

    /// <summary>Whether the person wants this browser to be trusted.</summary>
    public bool TrustDevice { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
