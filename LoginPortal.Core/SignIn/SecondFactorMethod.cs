namespace LoginPortal.Core.SignIn;

/// <summary>The second factors. Stored by name and number: neither ever changes its meaning.</summary>
public enum SecondFactorMethod
{
    /// <summary>A code of an authenticator app.</summary>
    Totp = 0,

    /// <summary>A code sent to the person's verified address. Counts only where the tenant says so.</summary>
    EmailCode = 1,

    /// <summary>One of the recovery codes that were shown when the second factor was set up. It needs no permission of a policy.</summary>
    RecoveryCode = 2,

    /// <summary>A passkey or security key. Counts where the tenant allows passkeys at all.</summary>
    Passkey = 3,
}
