using LoginPortal.Core.Audit;
using LoginPortal.Core.SignIn;

namespace LoginPortal.Components.Administration.Activity;

/// <summary>What security events are called in the audit log.</summary>
internal static class AuditWords
{
    /// <summary>Every kind that there is, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        .. typeof(SecurityEventKind).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        .. new[] { AttemptFactor.Password, AttemptFactor.Totp, AttemptFactor.RecoveryCode, AttemptFactor.EmailCode }.Select(SecurityEventKind.VerificationOf),
    ];

    /// <summary>The name of the words for a kind; those for one from a later version are general.</summary>
    public static string NameOf(string kind) => Kinds.Contains(kind, StringComparer.Ordinal) ? kind : "other";
}
