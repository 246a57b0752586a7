namespace LoginPortal.Core.Audit;

/// <summary>Something that happened to the security of an account, a tenant or the portal. Rows are only ever added.</summary>
public sealed class SecurityEvent
{
    /// <summary>Version-7 identifier, so that events sort by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it happened in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>What, one of <see cref="SecurityEventKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required SecurityEventOutcome Outcome { get; init; }

    /// <summary>Whose account; <see langword="null"/> where no account is known.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>Who did it; <see langword="null"/> where nobody had proved to be anybody.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The session it happened in or led to.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The network address it came from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Why it ended as it did, a stable code; never a secret and never anything typed by a person.</summary>
    public string? Reason { get; init; }

    /// <summary>What was changed, the value before and after; <see langword="null"/> where nothing was, or where the kind says it all.</summary>
    public IReadOnlyList<AuditDifference>? Differences { get; init; }
}

/// <summary>How a security event ended.</summary>
public enum SecurityEventOutcome
{
    /// <summary>What was asked for was done.</summary>
    Success = 0,

    /// <summary>It was refused.</summary>
    Refused = 1,
}

/// <summary>The kinds of security event. The values are stored and exported: they never change.</summary>
public static class SecurityEventKind
{
    /// <summary>A sign-in came to its end.</summary>
    public const string SignIn = "sign_in";

    /// <summary>An authenticator app was set up.</summary>
    public const string AuthenticatorAdded = "authenticator_added";

    /// <summary>An authenticator app was removed.</summary>
    public const string AuthenticatorRemoved = "authenticator_removed";

    /// <summary>A recovery code was used.</summary>
    public const string RecoveryCodeUsed = "recovery_code_used";

    /// <summary>The recovery codes were replaced by new ones.</summary>
    public const string RecoveryCodesReplaced = "recovery_codes_replaced";

    /// <summary>A passkey was added.</summary>
    public const string PasskeyAdded = "passkey_added";

    /// <summary>A passkey was removed.</summary>
    public const string PasskeyRemoved = "passkey_removed";

    /// <summary>A passkey's signature was right but its counter went back: there may be a copy of it.</summary>
    public const string PasskeyCounterRegressed = "passkey_counter_regressed";

    /// <summary>A passkey's answer was judged.</summary>
    public const string PasskeyVerification = "passkey_verification";

    /// <summary>A trusted device was taken off the list.</summary>
    public const string TrustedDeviceRemoved = "trusted_device_removed";

    /// <summary>A session was ended, by the person or for them.</summary>
    public const string SessionEnded = "session_ended";

    /// <summary>A password was set or changed.</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>A link to choose a new password was asked for, for an account that exists.</summary>
    public const string PasswordResetRequested = "password_reset_requested";

    /// <summary>A person proved that their address is their own.</summary>
    public const string AddressVerified = "address_verified";

    /// <summary>Somebody opened an account themselves; refused where there was one with that address.</summary>
    public const string AccountRegistered = "account_registered";

    /// <summary>An administrator invited somebody; the subject is the invitation.</summary>
    public const string AccountInvited = "account_invited";

    /// <summary>An administrator took an invitation back; the subject is the invitation.</summary>
    public const string InvitationWithdrawn = "invitation_withdrawn";

    /// <summary>An administrator had people read from a file; the subject is the import.</summary>
    public const string PeopleImported = "people_imported";

    /// <summary>An account moved to another address.</summary>
    public const string AddressChanged = "address_changed";

    /// <summary>That was taken back by the owner of the address before.</summary>
    public const string AddressChangeUndone = "address_change_undone";

    /// <summary>An account was closed, to be erased after a while.</summary>
    public const string ErasureRequested = "erasure_requested";

    /// <summary>That was taken back.</summary>
    public const string ErasureUndone = "erasure_undone";

    /// <summary>An account was erased; this row and those before it are all that is left, and name nobody.</summary>
    public const string AccountErased = "account_erased";

    /// <summary>A person downloaded what is held about them.</summary>
    public const string DataExported = "data_exported";

    /// <summary>A person changed their names, language, time zone or other fields.</summary>
    public const string ProfileChanged = "profile_changed";

    /// <summary>A person set or removed their picture.</summary>
    public const string PictureChanged = "picture_changed";

    /// <summary>A person said of something that it was not them; everything that an intruder could hold was ended.</summary>
    public const string IncidentReported = "incident_reported";

    /// <summary>An administrator claimed a host for their tenant; the subject is the claim.</summary>
    public const string DomainClaimed = "domain_claimed";

    /// <summary>The claim was proved: the host is the tenant's.</summary>
    public const string DomainVerified = "domain_verified";

    /// <summary>Links, mails, passkeys and applications of the tenant use another host.</summary>
    public const string PrimaryDomainChanged = "primary_domain_changed";

    /// <summary>A host was given back, or a claim dropped.</summary>
    public const string DomainRemoved = "domain_removed";

    /// <summary>An operator had mails that were given up tried once more.</summary>
    public const string MailsRetried = "mails_retried";

    /// <summary>An administrator made an account for somebody.</summary>
    public const string AccountCreated = "account_created";

    /// <summary>An administrator closed an account.</summary>
    public const string AccountDisabled = "account_disabled";

    /// <summary>And opened it again.</summary>
    public const string AccountEnabled = "account_enabled";

    /// <summary>An administrator let somebody try again who had guessed wrong too often.</summary>
    public const string AccountUnlocked = "account_unlocked";

    /// <summary>An administrator removed every second factor of somebody.</summary>
    public const string SecondFactorsReset = "second_factors_reset";

    /// <summary>Somebody may do more, or less, from now on.</summary>
    public const string RoleChanged = "role_changed";

    /// <summary>The tenant's name or the origins of its clients were changed.</summary>
    public const string TenantSettingsChanged = "tenant_settings_changed";

    /// <summary>The tenant's rules were changed.</summary>
    public const string TenantPolicyChanged = "tenant_policy_changed";

    /// <summary>Security events were downloaded.</summary>
    public const string AuditExported = "audit_exported";

    /// <summary>An operator made a tenant; the subject of this and of those below is the tenant.</summary>
    public const string TenantCreated = "tenant_created";

    /// <summary>An operator took a tenant out of service.</summary>
    public const string TenantSuspended = "tenant_suspended";

    /// <summary>And put it back.</summary>
    public const string TenantResumed = "tenant_resumed";

    /// <summary>An operator had a tenant deleted, which happens after a grace.</summary>
    public const string TenantDeletionRequested = "tenant_deletion_requested";

    /// <summary>That was done.</summary>
    public const string TenantDeleted = "tenant_deleted";

    /// <summary>An administrator published branding; the subject is the revision.</summary>
    public const string BrandingPublished = "branding_published";

    /// <summary>An administrator published an earlier branding anew, likewise.</summary>
    public const string BrandingRestored = "branding_restored";

    /// <summary>An API key was made.</summary>
    public const string ApiKeyCreated = "api_key_created";

    /// <summary>An administrator registered an application; the subject of this and the next four is the application.</summary>
    public const string ApplicationRegistered = "application_registered";

    /// <summary>An administrator changed an application.</summary>
    public const string ApplicationChanged = "application_changed";

    /// <summary>An administrator deleted an application.</summary>
    public const string ApplicationDeleted = "application_deleted";

    /// <summary>An administrator made a secret of an application.</summary>
    public const string ApplicationSecretAdded = "application_secret_added";

    /// <summary>An administrator removed a secret of an application.</summary>
    public const string ApplicationSecretRemoved = "application_secret_removed";

    /// <summary>A person was handed to an application.</summary>
    public const string ApplicationAuthorized = "application_authorized";

    /// <summary>A person agreed to what an application asks for, or declined.</summary>
    public const string ApplicationConsent = "application_consent";

    /// <summary>What an application was given was taken back.</summary>
    public const string ApplicationRevoked = "application_revoked";

    /// <summary>A code or refresh token of an application was used a second time.</summary>
    public const string ApplicationTokenReused = "application_token_reused";

    /// <summary>An operator, or somebody at the console, had the keys that sign tokens replaced before their time.</summary>
    public const string SigningKeysRotated = "signing_keys_rotated";

    /// <summary>Somebody at the console wrote the whole tenant into a file.</summary>
    public const string TenantExported = "tenant_exported";

    /// <summary>Somebody at the console made the tenant from such a file.</summary>
    public const string TenantImported = "tenant_imported";

    /// <summary>Somebody at the console took accounts over from another database.</summary>
    public const string AccountsImported = "accounts_imported";

    /// <summary>The first platform operator was created through the one-time link.</summary>
    public const string OperatorCreated = "operator_created";

    /// <summary>A secret of a factor was compared, for instance <c>password_verification</c>.</summary>
    /// <param name="factor">One of <see cref="SignIn.AttemptFactor"/>.</param>
    public static string VerificationOf(string factor) => $"{factor}_verification";
}
