using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Registration;

/// <summary>The offer of an account to somebody. There is at most one for an address; a newer one takes its place.</summary>
public sealed class Invitation
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Who is invited.</summary>
    public required string Email { get; init; }

    /// <summary>The address in the form in which it is looked up; see <see cref="EmailAddress.Normalize"/>.</summary>
    public required string NormalizedEmail { get; init; }

    /// <summary>What the person may do once they are there.</summary>
    public PortalRole Role { get; init; }

    /// <summary>Who invited them; <see langword="null"/> for the portal's operator at the console.</summary>
    public Guid? InvitedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be accepted, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
