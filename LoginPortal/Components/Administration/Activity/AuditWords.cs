using LoginPortal.Core.Audit;
using LoginPortal.Core.SignIn;
using LoginPortal.Visits;

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

    /// <summary>A kind in words; a kind from a later version as it is stored.</summary>
    public static string NameOf(PortalText text, string kind) => Kinds.Contains(kind, StringComparer.Ordinal) ? text[$"Audit.Kind.{kind}"] : kind;
}
