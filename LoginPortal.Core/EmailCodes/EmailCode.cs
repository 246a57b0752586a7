namespace LoginPortal.Core.EmailCodes;

/// <summary>The present code of a flow; a newer one replaces it.</summary>
public sealed class EmailCode
{
    /// <summary>How long a code works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait before asking for another.</summary>
    public static readonly TimeSpan ResendDelay = TimeSpan.FromSeconds(30);

    /// <summary>How often a code can be tried.</summary>
    public const int MaximumTries = 5;

    /// <summary>The flow that it belongs to.</summary>
    public required Guid FlowId { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The code, encrypted with Data Protection: six digits would be found behind any plain hash.</summary>
    public required byte[] ProtectedCode { get; set; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; set; }

    /// <summary>How often it has been tried.</summary>
    public int Tries { get; set; }
}
