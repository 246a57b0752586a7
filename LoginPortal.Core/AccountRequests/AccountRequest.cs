namespace LoginPortal.Core.AccountRequests;

/// <summary>
/// A wish about an account whose answer is a mail. Whether there is such an account is looked up after the person has been answered, so that
/// neither the words of that answer nor its time depend on it.
/// </summary>
public sealed class AccountRequest
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it was made at.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>What is wished for.</summary>
    public required AccountRequestKind Kind { get; init; }

    /// <summary>The address that was typed.</summary>
    public required string Address { get; init; }

    /// <summary>The flow that goes on with the answer; <see langword="null"/> if none does.</summary>
    public Guid? FlowId { get; init; }

    /// <summary>The person who made it; <see langword="null"/> where nobody had proved to be anybody.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What else belongs to it, encrypted with Data Protection; <see langword="null"/> if nothing does.</summary>
    public byte[]? ProtectedContent { get; init; }

    /// <summary>The language of the page, as a culture name.</summary>
    public string? Language { get; init; }

    /// <summary>The network address it came from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What can be wished for. Stored by number: a number never changes its meaning.</summary>
public enum AccountRequestKind
{
    /// <summary>A link to choose a new password.</summary>
    PasswordReset = 0,

    /// <summary>An account, or where it has been made already, another link that confirms its address.</summary>
    Registration = 1,

    /// <summary>A code to sign in with.</summary>
    SignInCode = 2,

    /// <summary>Another address for an account.</summary>
    AddressChange = 3,
}
