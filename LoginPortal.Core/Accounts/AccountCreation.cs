using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>Creates accounts in the tenant of the current scope, by the same rules whoever asks.</summary>
public sealed class AccountCreation(
    UserManager<PortalUser> users, PasswordChanges passwords, PortalDbContext database, TenantContext tenant, TimeProvider time)
{
    /// <summary>Checks what is given and hashes the password; nothing is stored yet.</summary>
    public async Task<AccountDraft> PrepareAsync(NewAccount account, CancellationToken cancellationToken)
    {
        if (PrepareWithoutPassword(account) is not AccountDraft.Ready(var user))
        {
            return new AccountDraft.AddressMalformed();
        }

        switch (await passwords.PrepareAsync(user, account.Password, tenant.Required, cancellationToken))
        {
            case PasswordChange.Refused(var problems):
                return new AccountDraft.PasswordNotAllowed(problems);
            case PasswordChange.Ready(var hash):
                user.PasswordHash = hash;
                user.PasswordChangedAt = time.GetUtcNow();
                return new AccountDraft.Ready(user);
            default:
                return new AccountDraft.Busy();
        }
    }

    /// <summary>Checks what is given, for an account whose owner chooses the password later, by link; nothing is stored yet.</summary>
    /// <returns><see cref="AccountDraft.Ready"/> or <see cref="AccountDraft.AddressMalformed"/>.</returns>
    public AccountDraft PrepareWithoutPassword(NewAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var address = account.Email?.Trim();
        if (!EmailAddress.IsWellFormed(address))
        {
            return new AccountDraft.AddressMalformed();
        }

        var now = time.GetUtcNow();
        return new AccountDraft.Ready(new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Required.Id,
            UserName = address,
            Email = address,
            EmailConfirmed = account.EmailConfirmed,
            GivenName = account.GivenName.Trim(),
            FamilyName = account.FamilyName.Trim(),
            Role = account.Role,
            SecurityStamp = Secret.Create(),
            CreatedAt = now,
        });
    }

    /// <summary>Stores a prepared account.</summary>
    /// <returns><see langword="false"/> if the tenant has an account with this address already.</returns>
    public async Task<bool> StoreAsync(PortalUser user)
    {
        IdentityResult result;
        try
        {
            result = await users.CreateAsync(user);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Another account with this address was stored after Identity had looked for one.
            database.Entry(user).State = EntityState.Detached;
            return false;
        }

        return result.Succeeded || (result.Errors.All(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))
            ? false
            : throw new InvalidOperationException(string.Join(" ", result.Errors.Select(error => error.Description))));
    }
}

/// <summary>What an account is made from.</summary>
/// <param name="Email">The address.</param>
/// <param name="Password">The password as typed.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="EmailConfirmed">Whether the address is known to be theirs.</param>
public sealed record NewAccount(
    string? Email, string? Password, string GivenName, string FamilyName, PortalRole Role, bool EmailConfirmed)
{
    /// <summary>Without the password: records print themselves into logs.</summary>
    public override string ToString() => nameof(NewAccount);
}

/// <summary>What became of preparing an account. A closed family.</summary>
public abstract record AccountDraft
{
    private AccountDraft()
    {
    }

    /// <summary>It can be stored.</summary>
    /// <param name="User">The account.</param>
    public sealed record Ready(PortalUser User) : AccountDraft;

    /// <summary>What was given as the address cannot be one.</summary>
    public sealed record AddressMalformed : AccountDraft;

    /// <summary>The password breaks rules.</summary>
    /// <param name="Problems">Which.</param>
    public sealed record PasswordNotAllowed(IReadOnlyList<PasswordProblem> Problems) : AccountDraft;

    /// <summary>The hashing queue is full; the same try works in a moment.</summary>
    public sealed record Busy : AccountDraft;
}
