using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Totp;

namespace LoginPortal.Core.IdentityImport;

/// <summary>What becomes of one account: the rows to store, and what there is to say about it.</summary>
internal sealed class AccountPlan
{
    /// <summary>Codes of ten characters and more: those of eight hexadecimal digits, of old, could be found from a hash in seconds.</summary>
    private const int LeastRecoveryCode = 10;

    /// <summary>Authenticator keys of Identity have 20 bytes; what is far from it is none (RFC 4226, 4, asks for 16).</summary>
    private const int LeastSeed = 10;

    private const int MostSeed = 128;
    private static readonly TimeSpan ForGood = TimeSpan.FromDays(10 * 365);

    private AccountPlan(SourceAccount source, string? address) => (Source, Address) = (source, address);

    public SourceAccount Source { get; }

    /// <summary>The address; <see langword="null"/> if there is none, and no account then.</summary>
    public string? Address { get; }

    public PortalUser? User { get; private set; }

    public Authenticator? Authenticator { get; private set; }

    public List<RecoveryCode> RecoveryCodes { get; } = [];

    public List<Passkey> Passkeys { get; } = [];

    public List<IdentityImportNote> Notes { get; } = [];

    /// <summary>The source's own identifier where it is a GUID, so that applications know their people by the same; see also <see cref="DerivedId"/>.</summary>
    public static Guid? OwnId(SourceAccount source) => Guid.TryParse(source.Id, out var id) && id != Guid.Empty ? id : null;

    /// <summary>An identifier that a second run makes again, from tenant and source (RFC 9562, version 8).</summary>
    public static Guid DerivedId(Guid tenantId, SourceAccount source)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenantId:N}:{source.Id}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Finds the address of an account.</summary>
    public static AccountPlan Of(SourceAccount source) =>
        new(source, new[] { source.Email?.Trim(), source.UserName?.Trim() }.FirstOrDefault(EmailAddress.IsWellFormed));

    /// <summary>Makes the rows.</summary>
    public void Fill(Guid id, Guid tenantId, IdentityImportRequest request, TotpSeeds seeds, int iterations, DateTimeOffset now)
    {
        var hash = Password(iterations);
        var isAdministrator = request.AdministratorRole is { } role && Source.Roles.Contains(role, StringComparer.OrdinalIgnoreCase);
        User = new PortalUser
        {
            Id = id,
            TenantId = tenantId,
            UserName = Address,
            NormalizedUserName = EmailAddress.Normalize(Address!),
            Email = Address,
            NormalizedEmail = EmailAddress.Normalize(Address!),
            EmailConfirmed = Source.EmailConfirmed,
            GivenName = Name(Source.GivenName),
            FamilyName = Name(Source.FamilyName),
            PasswordHash = hash,
            Role = isAdministrator ? PortalRole.TenantAdministrator : PortalRole.Member,
            SecurityStamp = Secret.Create(),
            DisabledAt = Source.LockoutEnd > now + ForGood ? now : null,
            CreatedAt = now,
        };
        NoteIf(!Source.EmailConfirmed, IdentityImportFinding.AddressUnconfirmed);
        NoteIf(User.DisabledAt is not null, IdentityImportFinding.Disabled);
        Source.Logins.ForEach(login => Note(IdentityImportFinding.ExternalLogin, login));
        Source.Roles.Where(name => !isAdministrator || !string.Equals(name, request.AdministratorRole, StringComparison.OrdinalIgnoreCase))
            .ToList().ForEach(name => Note(IdentityImportFinding.RoleNotTaken, name));
        FillSecondFactors(seeds, now);
        FillPasskeys(request.WithPasskeys, now);
    }

    private string? Password(int iterations)
    {
        if (Source.PasswordHash is null)
        {
            Note(IdentityImportFinding.NoPassword);
            return null;
        }

        var hash = PasswordHash.Read(Source.PasswordHash);
        if (hash is null || hash.Iterations > PasswordHash.MaximumIterations)
        {
            Note(IdentityImportFinding.PasswordNotTaken);
            return null;
        }

        NoteIf(hash.Iterations > iterations, IdentityImportFinding.PasswordCostsMore, $"{hash.Iterations}");
        return Source.PasswordHash;
    }

    private void FillSecondFactors(TotpSeeds seeds, DateTimeOffset now)
    {
        // A key that was shown and never confirmed is there too; only where the second factor is on, an app has it.
        if (!Source.TwoFactorEnabled || Source.AuthenticatorKey is null)
        {
            return;
        }

        if (Base32.Decode(Source.AuthenticatorKey) is not { Length: >= LeastSeed and <= MostSeed } seed)
        {
            Note(IdentityImportFinding.AuthenticatorNotTaken);
            return;
        }

        Authenticator = new Authenticator
        {
            Id = Guid.CreateVersion7(now),
            TenantId = User!.TenantId,
            UserId = User.Id,
            Name = "Authenticator",
            ProtectedSeed = seeds.Protect(seed),
            CreatedAt = now,
            ConfirmedAt = now,
        };
        IReadOnlyList<string> codes = [.. (Source.RecoveryCodes ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        var taken = codes.Where(code => code.Count(char.IsAsciiLetterOrDigit) >= LeastRecoveryCode)
            .Select(code => RecoveryCodeText.Hash(User.Id, code)).Distinct(StringComparer.Ordinal).ToList();
        RecoveryCodes.AddRange(taken.Select(code => new RecoveryCode { CodeHash = code, TenantId = User.TenantId, UserId = User.Id, CreatedAt = now }));
        NoteIf(taken.Count < codes.Count, IdentityImportFinding.RecoveryCodesNotTaken, $"{codes.Count - taken.Count}");
    }

    private void FillPasskeys(bool isWanted, DateTimeOffset now)
    {
        foreach (var source in Source.Passkeys)
        {
            if (isWanted && PasskeyOf(source, now) is { } passkey)
            {
                Passkeys.Add(passkey);
            }
            else
            {
                Note(IdentityImportFinding.PasskeyNotTaken);
            }
        }
    }

    private Passkey? PasskeyOf(SourcePasskey source, DateTimeOffset now) =>
        SourcePasskeyData.Read(source.Data) is not { } data || source.CredentialId.Length is 0 or > Passkey.MaximumCredentialIdLength
            ? null
            : new Passkey
            {
                Id = Guid.CreateVersion7(now),
                TenantId = User!.TenantId,
                UserId = User.Id,
                CredentialId = source.CredentialId,
                PublicKey = data.PublicKey!,
                SignCount = data.SignCount,
                Transports = data.Transports ?? [],
                Aaguid = Guid.Empty,
                Name = Name(data.Name, Passkey.MaximumNameLength),
                IsUserVerified = data.IsUserVerified,
                SignsInAlone = data.IsUserVerified,
                IsBackupEligible = data.IsBackupEligible,
                IsBackedUp = data.IsBackedUp,
                CreatedAt = data.CreatedAt == default ? now : data.CreatedAt,
            };

    private static string Name(string? name, int length = 100) =>
        name?.Trim() is { } trimmed && trimmed.Length <= length && Texts.PlainText.IsOneLine(trimmed) ? trimmed : "";

    private void NoteIf(bool holds, IdentityImportFinding finding, string? detail = null)
    {
        if (holds)
        {
            Note(finding, detail);
        }
    }

    public void Note(IdentityImportFinding finding, string? detail = null) => Notes.Add(new IdentityImportNote(Source.Id, finding, detail));
}
