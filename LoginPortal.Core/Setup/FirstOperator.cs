using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>
/// How the first platform operator comes to be: whoever can read the output of the first start opens the one-time link that
/// it prints. Each start until then makes a new link and ends the one before.
/// </summary>
public sealed class FirstOperator(
    PortalDbContext database,
    TenantDirectory tenants,
    TenantContext tenantContext,
    AccountCreation accounts,
    SecurityEventWriter events,
    IOptions<PortalOptions> options,
    TimeProvider time)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    /// <summary>A new link, in the scope of no tenant.</summary>
    /// <returns><see langword="null"/> if there is an operator already.</returns>
    public async Task<Uri?> CreateLinkAsync(CancellationToken cancellationToken)
    {
        var tenant = await EnterPlatformAsync(cancellationToken);
        if (await database.Users.AnyAsync(user => user.Role == PortalRole.PlatformOperator, cancellationToken))
        {
            return null;
        }

        var (token, now) = (Secret.Create(), time.GetUtcNow());
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await Links().ExecuteDeleteAsync(cancellationToken);
        database.OneTimeLinks.Add(new OneTimeLink
        {
            TokenHash = Secret.Hash(token),
            TenantId = tenant.Id,
            Purpose = OneTimeLinkPurpose.FirstOperator,
            CreatedAt = now,
            ExpiresAt = now + LinkLifetime,
        });
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Uri(tenant.BaseAddress(options.Value.PublicOrigin!), $"setup?token={token}");
    }

    /// <summary>Whether a link still works; looking consumes nothing.</summary>
    public Task<bool> IsLinkValidAsync(string? token, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secret.Hash(token ?? ""), time.GetUtcNow());
        return Links().AnyAsync(link => link.TokenHash == hash && link.ExpiresAt > now, cancellationToken);
    }

    /// <summary>Spends the link and creates the operator, both or neither.</summary>
    public async Task<FirstOperatorResult> CreateOperatorAsync(
        string? token, string? email, string? password, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (!await IsLinkValidAsync(token, cancellationToken))
        {
            return new FirstOperatorResult.LinkInvalid();
        }

        var draft = await accounts.PrepareAsync(
            new NewAccount(email, password, "", "", PortalRole.PlatformOperator, EmailConfirmed: true),
            cancellationToken);
        if (draft is not AccountDraft.Ready(var user))
        {
            return new FirstOperatorResult.NotPrepared(draft);
        }

        var hash = Secret.Hash(token!);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await Links().Where(link => link.TokenHash == hash).ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return new FirstOperatorResult.LinkInvalid();
        }

        if (!await accounts.StoreAsync(user))
        {
            return new FirstOperatorResult.AddressTaken();
        }

        // Two nodes that started at the same time may each have made a link.
        await Links().ExecuteDeleteAsync(cancellationToken);

        events.Record(
            database,
            user.TenantId,
            SecurityEventKind.OperatorCreated,
            SecurityEventOutcome.Success,
            facts,
            subjectId: user.Id,
            actorId: user.Id);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new FirstOperatorResult.Created();
    }

    private IQueryable<OneTimeLink> Links() =>
        database.OneTimeLinks.Where(link => link.Purpose == OneTimeLinkPurpose.FirstOperator);

    /// <summary>Makes the scope one of the platform's own tenant, which is made if there is none.</summary>
    internal async Task<TenantProfile> EnterPlatformAsync(CancellationToken cancellationToken)
    {
        var tenant = await tenants.FindBySlugAsync(TenantSlug.Platform, cancellationToken);
        if (tenant is null)
        {
            var now = time.GetUtcNow();
            database.Tenants.Add(new Tenant
            {
                Id = Guid.CreateVersion7(now),
                Slug = TenantSlug.Platform,
                DisplayName = "LoginPortal",
                CreatedAt = now,
            });
            try
            {
                await database.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException exception) when (exception.IsUniqueViolation())
            {
                // Another node is having its first start as well.
                database.ChangeTracker.Clear();
            }

            tenant = (await tenants.FindBySlugAsync(TenantSlug.Platform, cancellationToken))!;
        }

        tenantContext.Set(tenant);
        return tenant;
    }
}

/// <summary>What became of creating the first operator. A closed family.</summary>
public abstract record FirstOperatorResult
{
    private FirstOperatorResult()
    {
    }

    /// <summary>The operator can sign in.</summary>
    public sealed record Created : FirstOperatorResult;

    /// <summary>The link is unknown, spent, replaced or too old.</summary>
    public sealed record LinkInvalid : FirstOperatorResult;

    /// <summary>The platform tenant has an account with this address.</summary>
    public sealed record AddressTaken : FirstOperatorResult;

    /// <summary>Address or password were refused; the link still works.</summary>
    /// <param name="Draft">Why.</param>
    public sealed record NotPrepared(AccountDraft Draft) : FirstOperatorResult;
}
