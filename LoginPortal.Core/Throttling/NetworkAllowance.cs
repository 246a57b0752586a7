namespace LoginPortal.Core.Throttling;

/// <summary>What has been asked for from one network within the hour that its first wish began.</summary>
public sealed class NetworkAllowance
{
    /// <summary>The hour.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>What is limited, one of <see cref="NetworkPurpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The network: an IPv4 address, or the first 64 bits of an IPv6 one, which are what one customer of a provider has.</summary>
    public required string Network { get; init; }

    /// <summary>How often it has been asked for.</summary>
    public int Taken { get; set; }

    /// <summary>When the hour ends, UTC.</summary>
    public DateTimeOffset EndsAt { get; set; }
}

/// <summary>What networks are limited in. The values are stored: they never change.</summary>
public static class NetworkPurpose
{
    /// <summary>Opening accounts.</summary>
    public const string Registration = "registration";

    /// <summary>Opening accounts from browsers that run no script and so can prove nothing.</summary>
    public const string UnprovedRegistration = "registration_unproved";

    /// <summary>Asking for another mail about an account that was opened.</summary>
    public const string RegistrationMail = "registration_mail";

    /// <summary>Asking for links to new passwords.</summary>
    public const string PasswordReset = "password_reset";

    /// <summary>Asking for codes that stand for the password.</summary>
    public const string SignInCode = "sign_in_code";
}
