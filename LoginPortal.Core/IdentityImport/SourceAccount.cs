namespace LoginPortal.Core.IdentityImport;

/// <summary>An account as another ASP.NET Core Identity database holds it.</summary>
internal sealed record SourceAccount
{
    /// <summary>Its identifier there, as the driver reads it; accounts are read in its order.</summary>
    public required object Key { get; init; }

    /// <summary>The same as text, by which reports name the account.</summary>
    public required string Id { get; init; }

    public string? UserName { get; init; }

    public string? Email { get; init; }

    public bool EmailConfirmed { get; init; }

    public string? PasswordHash { get; init; }

    public bool TwoFactorEnabled { get; init; }

    public DateTimeOffset? LockoutEnd { get; init; }

    /// <summary>From a column of a usual name, where the application added one.</summary>
    public string? GivenName { get; init; }

    /// <summary>Likewise.</summary>
    public string? FamilyName { get; init; }

    /// <summary>The seed of the authenticator app, in Base32 and in clear.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>Recovery codes that are left, in clear, separated by semicolons.</summary>
    public string? RecoveryCodes { get; set; }

    /// <summary>The providers that the person also signs in with.</summary>
    public List<string> Logins { get; } = [];

    /// <summary>The names of their roles.</summary>
    public List<string> Roles { get; } = [];

    public List<SourcePasskey> Passkeys { get; } = [];
}

/// <summary>A passkey as Identity's schema version 3 holds it.</summary>
/// <param name="CredentialId">The identifier that the authenticator gave it.</param>
/// <param name="Data">The rest, as JSON.</param>
internal sealed record SourcePasskey(byte[] CredentialId, string Data);
