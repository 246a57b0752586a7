namespace LoginPortal.Core.SignIn;

/// <summary>
/// Guesses at one factor of one account. The account is named by what was typed, whether or not it exists, so that an
/// unknown address is slowed down exactly as a known one.
/// </summary>
public sealed class AttemptCounter
{
    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The factor, one of <see cref="AttemptFactor"/>. An attack on one never blocks another.</summary>
    public required string Factor { get; init; }

    /// <summary>The account, hashed by <see cref="AttemptReservations"/>.</summary>
    public required string Subject { get; init; }

    /// <summary>Wrong guesses since the last right one, those being evaluated included.</summary>
    public int Failures { get; set; }

    /// <summary>Until when no guess is evaluated, UTC.</summary>
    public DateTimeOffset? BlockedUntil { get; set; }

    /// <summary>The last guess, UTC.</summary>
    public DateTimeOffset LastAttemptAt { get; set; }
}

/// <summary>The factors that guesses are counted for. The values are stored: they never change.</summary>
public static class AttemptFactor
{
    /// <summary>The password.</summary>
    public const string Password = "password";

    /// <summary>Codes of authenticator apps.</summary>
    public const string Totp = "totp";

    /// <summary>Recovery codes.</summary>
    public const string RecoveryCode = "recovery_code";

    /// <summary>Codes sent by e-mail.</summary>
    public const string EmailCode = "email_code";
}
