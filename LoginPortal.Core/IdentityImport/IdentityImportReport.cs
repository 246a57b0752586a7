using LoginPortal.Core.Data;

namespace LoginPortal.Core.IdentityImport;

/// <summary>What is to be imported, and how.</summary>
/// <param name="TenantSlug">The tenant that the people become people of.</param>
/// <param name="Provider">The engine of the source.</param>
/// <param name="ConnectionString">Where the source is.</param>
public sealed record IdentityImportRequest(string TenantSlug, DatabaseProvider Provider, string ConnectionString)
{
    /// <summary>Only look: nothing is written. Default <see langword="false"/>.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The role whose members become the tenant's administrators; <see langword="null"/> for nobody. Roles are not taken over otherwise.</summary>
    public string? AdministratorRole { get; init; }

    /// <summary>
    /// Whether passkeys are taken too. They work only where the portal is reached at the domain that they were made for. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool WithPasskeys { get; init; }

    /// <summary>How many accounts are stored in a transaction. Default 200.</summary>
    public int BatchSize { get; init; } = 200;
}

/// <summary>Something about an account that whoever imports it should know.</summary>
public enum IdentityImportFinding
{
    /// <summary>Taken over.</summary>
    Imported = 0,

    /// <summary>Taken over by an earlier run.</summary>
    AlreadyImported = 1,

    /// <summary>Left out: neither its address nor its name is an e-mail address.</summary>
    NoAddress = 2,

    /// <summary>Left out: the tenant, or the source, has another account with this address.</summary>
    Duplicate = 3,

    /// <summary>Its address was never confirmed; it must be before the person can sign in.</summary>
    AddressUnconfirmed = 4,

    /// <summary>It has no password: the person chooses one by <em>Forgotten password</em>.</summary>
    NoPassword = 5,

    /// <summary>Its password hash is of no known format, or costs too much to compare; likewise.</summary>
    PasswordNotTaken = 6,

    /// <summary>
    /// Its password hash costs more than those of the portal, so that wrong guesses at it take longer: raise <c>PasswordHashing:Iterations</c>.
    /// </summary>
    PasswordCostsMore = 7,

    /// <summary>It has a key of an authenticator app that cannot be read; the person sets the app up anew.</summary>
    AuthenticatorNotTaken = 8,

    /// <summary>Recovery codes were left out: too short to be kept by a hash. The person makes new ones.</summary>
    RecoveryCodesNotTaken = 9,

    /// <summary>The person also signed in with another provider, which the portal does not.</summary>
    ExternalLogin = 10,

    /// <summary>It was locked for good, and is disabled.</summary>
    Disabled = 11,

    /// <summary>It has passkeys that were not asked for, or cannot be read.</summary>
    PasskeyNotTaken = 12,

    /// <summary>It has roles; the portal keeps none.</summary>
    RoleNotTaken = 13,
}

/// <summary>One line of the report.</summary>
/// <param name="SourceId">The account's identifier in the source; the report names nobody otherwise.</param>
/// <param name="Finding">What about it.</param>
/// <param name="Detail">A provider, a role or a number, where there is one.</param>
public sealed record IdentityImportNote(string SourceId, IdentityImportFinding Finding, string? Detail = null);

/// <summary>How far an import has got.</summary>
/// <param name="Done">Accounts looked at.</param>
/// <param name="Total">Accounts in the source when the import began.</param>
public sealed record IdentityImportProgress(long Done, long Total);

/// <summary>What an import found in all.</summary>
/// <param name="Total">Accounts looked at.</param>
/// <param name="Counts">How often each finding was made.</param>
public sealed record IdentityImportReport(long Total, IReadOnlyDictionary<IdentityImportFinding, long> Counts)
{
    /// <summary>How often a finding was made.</summary>
    public long Of(IdentityImportFinding finding) => Counts.TryGetValue(finding, out var count) ? count : 0;
}
