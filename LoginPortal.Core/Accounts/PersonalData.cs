using LoginPortal.Core.Audit;

namespace LoginPortal.Core.Accounts;

/// <summary>Everything that is held about a person, without what proves who they are: no hash, no seed, no key. The lists are read while they are written.</summary>
/// <param name="Account">The account itself.</param>
/// <param name="Picture">The picture, if there is one.</param>
/// <param name="Passkeys">Passkeys and security keys.</param>
/// <param name="Authenticators">Authenticator apps.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are left.</param>
/// <param name="TrustedDevices">Browsers that may leave out the second factor.</param>
/// <param name="ApiKeys">Keys for programs.</param>
/// <param name="Sessions">Sessions, those that ended a while ago included.</param>
/// <param name="Applications">Applications that have been let in: each time that one was, and what it could see.</param>
/// <param name="Consents">Applications that need not ask again.</param>
/// <param name="SignIns">Sign-ins that were started lately.</param>
/// <param name="AddressChanges">Changes of address that can still be confirmed or taken back.</param>
/// <param name="Mails">Mails of the last weeks, without what they say: that may be a link that still works.</param>
/// <param name="SecurityEvents">What happened to the account.</param>
public sealed record PersonalData(
    PersonalAccount Account,
    PersonalPicture? Picture,
    IAsyncEnumerable<PersonalPasskey> Passkeys,
    IAsyncEnumerable<PersonalAuthenticator> Authenticators,
    int RecoveryCodesLeft,
    IAsyncEnumerable<PersonalTrustedDevice> TrustedDevices,
    IAsyncEnumerable<PersonalApiKey> ApiKeys,
    IAsyncEnumerable<PersonalSession> Sessions,
    IAsyncEnumerable<PersonalApplication> Applications,
    IAsyncEnumerable<PersonalConsent> Consents,
    IAsyncEnumerable<PersonalSignIn> SignIns,
    IAsyncEnumerable<PersonalAddressChange> AddressChanges,
    IAsyncEnumerable<PersonalMail> Mails,
    IAsyncEnumerable<PersonalEvent> SecurityEvents);

/// <summary>The account, of <see cref="PortalUser"/>.</summary>
public sealed record PersonalAccount(
    Guid Id,
    string Organisation,
    string? Email,
    bool EmailConfirmed,
    string GivenName,
    string FamilyName,
    string? Language,
    string? TimeZone,
    PortalRole Role,
    IReadOnlyDictionary<string, string> CustomFields,
    string? AcceptedTermsVersion,
    DateTimeOffset? AcceptedTermsAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt,
    DateTimeOffset? PasswordChangedAt);

/// <summary>A picture, of <see cref="ProfilePicture"/>; its bytes in base64.</summary>
public sealed record PersonalPicture(string ContentType, byte[] Content, DateTimeOffset CreatedAt);

/// <summary>A passkey, of <see cref="Passkeys.Passkey"/>.</summary>
public sealed record PersonalPasskey(
    Guid Id, string Name, Guid AuthenticatorModel, IReadOnlyList<string> Transports, bool IsBackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>An authenticator app, of <see cref="Totp.Authenticator"/>.</summary>
public sealed record PersonalAuthenticator(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? LastUsedAt);

/// <summary>Access of an application, of <see cref="OpenId.OpenIdGrant"/>.</summary>
public sealed record PersonalApplication(string Application, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>A consent, of <see cref="OpenId.OpenIdConsent"/>.</summary>
public sealed record PersonalConsent(string Application, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt);

/// <summary>A trusted device, of <see cref="TrustedDevices.TrustedDevice"/>.</summary>
public sealed record PersonalTrustedDevice(Guid Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

/// <summary>A key for programs, of <see cref="Tokens.ApiKey"/>.</summary>
public sealed record PersonalApiKey(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>A session, of <see cref="Sessions.Session"/>.</summary>
public sealed record PersonalSession(
    Guid Id,
    string Device,
    string? UserAgent,
    string? IpAddress,
    IReadOnlyList<string> AuthenticationMethods,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? EndReason);

/// <summary>A sign-in, of <see cref="SignIn.FlowRecord"/>.</summary>
public sealed record PersonalSignIn(Guid Id, string? Identifier, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>A change of address, of <see cref="AddressChanges.AddressChange"/>.</summary>
public sealed record PersonalAddressChange(string PreviousAddress, string NewAddress, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>A mail, of <see cref="Mail.OutboxMail"/>.</summary>
public sealed record PersonalMail(string Recipient, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

/// <summary>A security event, of <see cref="SecurityEvent"/>.</summary>
public sealed record PersonalEvent(
    DateTimeOffset OccurredAt, string Kind, SecurityEventOutcome Outcome, bool DoneByThemselves, string? IpAddress, string? Reason);
