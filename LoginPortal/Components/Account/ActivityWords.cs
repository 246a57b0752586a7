using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;

namespace LoginPortal.Components.Account;

/// <summary>Which words a security event is told in: <c>Activity.Event.{name}</c>, or those of the audit log.</summary>
internal static class ActivityWords
{
    /// <summary>Every name that there are words for, spoken to the person; what has none is called as in the audit log.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "SignIn", "AuthenticatorAdded", "AuthenticatorRemoved", "RecoveryCodeUsed", "RecoveryCodesReplaced", "PasskeyAdded", "PasskeyRemoved",
        "PasskeyCounterRegressed", "PasskeyVerification", "TrustedDeviceRemoved", "SessionEnded", "PasswordChanged", "PasswordResetRequested",
        "AddressVerified", "AccountRegistered", "AccountRegisteredRefused", "AddressChanged", "AddressChangeUndone", "ErasureRequested", "ErasureUndone",
        "DataExported", "ProfileChanged", "PictureChanged", "IncidentReported", "ApiKeyCreated", "PasswordVerification", "TotpVerification",
        "RecoveryCodeVerification", "EmailCodeVerification",
    };

    /// <summary>What somebody in the account can have done, so that its owner may say that it was not them.</summary>
    private static readonly HashSet<string> Deeds = new(StringComparer.Ordinal)
    {
        "SignIn", "AuthenticatorAdded", "AuthenticatorRemoved", "RecoveryCodeUsed", "RecoveryCodesReplaced", "PasskeyAdded", "PasskeyRemoved",
        "PasswordChanged", "AddressChanged", "DataExported", "ProfileChanged", "PictureChanged", "ApiKeyCreated", "ErasureRequested",
    };

    /// <summary>The name of the words; <see langword="null"/> if there are none.</summary>
    public static string? NameOf(ActivityView happened)
    {
        var name = string.Concat(happened.Kind.Split('_').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));
        var refused = happened.Outcome == SecurityEventOutcome.Refused ? $"{name}Refused" : name;
        return Names.Contains(refused) ? refused : Names.Contains(name) ? name : null;
    }

    /// <summary>Whether the person may say that it was not them.</summary>
    public static bool CanBeReported(ActivityView happened) =>
        happened.Outcome == SecurityEventOutcome.Success && NameOf(happened) is { } name && Deeds.Contains(name);
}
