namespace LoginPortal.Core.Setup;

/// <summary>A link that lets its holder do one thing, once. The newest of a purpose, for one person, is the only one that works.</summary>
public sealed class OneTimeLink
{
    /// <summary>SHA-256 of the token in the link.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>What it allows, one of <see cref="OneTimeLinkPurpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Whose it is; <see langword="null"/> where that is nobody yet.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What a one-time link allows. The values are stored: they never change.</summary>
public static class OneTimeLinkPurpose
{
    /// <summary>Creating the first platform operator.</summary>
    public const string FirstOperator = "first_operator";

    /// <summary>Choosing a new password without the old one.</summary>
    public const string PasswordReset = "password_reset";

    /// <summary>Confirming that an address is one's own.</summary>
    public const string AddressVerification = "address_verification";

    /// <summary>Opening an account; mails are counted under it, and no link has it.</summary>
    public const string Registration = "registration";

    /// <summary>Signing in by a code; mails are counted under it, and no link has it.</summary>
    public const string SignInCode = "sign_in_code";

    /// <summary>Opening the account that an administrator invited somebody to.</summary>
    public const string Invitation = "invitation";

    /// <summary>Confirming another address for an account.</summary>
    public const string AddressChange = "address_change";

    /// <summary>Taking back a change of address.</summary>
    public const string AddressChangeUndo = "address_change_undo";

    /// <summary>Keeping an account that is to be erased.</summary>
    public const string ErasureUndo = "erasure_undo";

    /// <summary>Downloading what is held about oneself; mails are counted under it, and no link has it.</summary>
    public const string DataExport = "data_export";

    /// <summary>Telling a person what they changed in their account themselves; mails are counted under it, and no link has it.</summary>
    public const string AccountNotice = "account_notice";

    /// <summary>Nothing more: a link that has confirmed an address, kept so that following it again can say so.</summary>
    public const string AddressVerified = "address_verified";
}
