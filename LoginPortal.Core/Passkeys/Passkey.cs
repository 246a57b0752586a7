namespace LoginPortal.Core.Passkeys;

/// <summary>A passkey or security key of a person: the credential record of Web Authentication Level 3, section 4.</summary>
public sealed class Passkey
{
    /// <summary>The longest name in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The longest credential identifier in bytes (Web Authentication Level 3, 4).</summary>
    public const int MaximumCredentialIdLength = 1023;

    /// <summary>Version-7 identifier; names the passkey in the portal's own addresses.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The identifier that the authenticator gave it.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>Its public key as a COSE key (RFC 9052).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The authenticator's signature counter at the last use; 0 for authenticators that do not count.</summary>
    public required long SignCount { get; set; }

    /// <summary>How the authenticator can be reached, as it said itself.</summary>
    public required IReadOnlyList<string> Transports { get; init; }

    /// <summary>Which model of authenticator made it; <see cref="Guid.Empty"/> where it does not say.</summary>
    public required Guid Aaguid { get; init; }

    /// <summary>What the person calls it; empty while the authenticator's own name will do.</summary>
    public required string Name { get; set; }

    /// <summary>Whether the authenticator checked who the person is when it was made (<c>uvInitialized</c>).</summary>
    public required bool IsUserVerified { get; init; }

    /// <summary>
    /// Whether it is a way in of its own. A security key that cannot check who holds it is not: it is a second factor and nothing else.
    /// </summary>
    public required bool SignsInAlone { get; init; }

    /// <summary>Whether it can be copied to other devices (<c>backupEligible</c>): a synced passkey, not a device-bound one.</summary>
    public required bool IsBackupEligible { get; init; }

    /// <summary>Whether it has been copied (<c>backupState</c>), as of the last use.</summary>
    public required bool IsBackedUp { get; set; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
