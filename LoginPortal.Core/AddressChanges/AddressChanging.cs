using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.SignIn;

namespace LoginPortal.Core.AddressChanges;

/// <summary>A person's wish for another address, on their own account page, after a fresh sign-in.</summary>
public sealed class AddressChanging(OwnAccounts accounts, TimeProvider time)
{
    /// <summary>The present address, where the session is live.</summary>
    public Task<AddressChangeResult> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId,
        sessionId,
        needsFresh: true,
        (account, _) => Task.FromResult<AddressChangeResult>(new AddressChangeResult.Ready(account.User.Email!)),
        new AddressChangeResult.SignedOut(),
        new AddressChangeResult.SignInNeeded(),
        cancellationToken);

    /// <summary>
    /// Takes the wish. It is the same work and the same answer whether or not the address is free; the mail follows a moment later.
    /// </summary>
    public Task<AddressChangeResult> RequestAsync(
        Guid tenantId, Guid sessionId, string? newAddress, RequestFacts facts, CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            (account, cancellation) => RequestAsync(account, newAddress?.Trim(), facts, cancellation),
            new AddressChangeResult.SignedOut(),
            new AddressChangeResult.SignInNeeded(),
            cancellationToken);

    private async Task<AddressChangeResult> RequestAsync(
        OwnAccount account, string? newAddress, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (!EmailAddress.IsWellFormed(newAddress))
        {
            return new AddressChangeResult.AddressMalformed();
        }

        if (EmailAddress.Normalize(newAddress!) == account.User.NormalizedEmail)
        {
            return new AddressChangeResult.Unchanged();
        }

        var now = time.GetUtcNow();
        account.Database.AccountRequests.Add(new AccountRequest
        {
            Id = Guid.CreateVersion7(now),
            TenantId = account.Tenant.Id,
            Kind = AccountRequestKind.AddressChange,
            Address = newAddress!,
            UserId = account.User.Id,
            Language = facts.Language,
            IpAddress = facts.IpAddress,
            CreatedAt = now,
        });
        await account.Database.SaveChangesAsync(cancellationToken);
        return new AddressChangeResult.Sent();
    }
}

/// <summary>What became of a wish for another address. A closed family.</summary>
public abstract record AddressChangeResult
{
    private AddressChangeResult()
    {
    }

    /// <summary>It can be wished for.</summary>
    /// <param name="Address">The present address.</param>
    public sealed record Ready(string Address) : AddressChangeResult;

    /// <summary>It goes on in the new mailbox. This is said for every address.</summary>
    public sealed record Sent : AddressChangeResult;

    /// <summary>What was typed cannot be an address.</summary>
    public sealed record AddressMalformed : AddressChangeResult;

    /// <summary>It is the present address.</summary>
    public sealed record Unchanged : AddressChangeResult;

    /// <summary>The person must sign in again first.</summary>
    public sealed record SignInNeeded : AddressChangeResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : AddressChangeResult;
}
