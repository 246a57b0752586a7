using System.Security.Cryptography;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>Makes, finds, counts and ends handles. Finding needs no tenant: a handle says itself which it belongs to.</summary>
internal sealed class FlowHandles(PortalDbContext database, TimeProvider time)
{
    /// <summary>A new handle of a sign-in.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="flowId">The sign-in.</param>
    /// <param name="userId">The person.</param>
    /// <param name="lifetime">How long it works.</param>
    /// <param name="completedTicket">The ticket of a sign-in that owes nothing more; from now on only the handle redeems it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<NewHandle> CreateAsync(
        Guid tenantId, string contract, Guid flowId, Guid userId, TimeSpan lifetime, string? completedTicket, CancellationToken cancellationToken)
    {
        var handle = CreateText();
        var expiresAt = time.GetUtcNow() + lifetime;
        if (completedTicket is not null)
        {
            var (present, next) = (Secret.Hash(completedTicket), Secret.Hash(TicketOf(handle)));
            await database.HandoffTickets.IgnoreQueryFilters()
                .Where(ticket => ticket.TicketHash == present)
                .ExecuteUpdateAsync(
                    update => update.SetProperty(ticket => ticket.TicketHash, next).SetProperty(ticket => ticket.ExpiresAt, expiresAt),
                    cancellationToken);
        }

        database.FlowHandles.Add(new FlowHandle
        {
            HandleHash = Secret.Hash(handle),
            TenantId = tenantId,
            Contract = contract,
            FlowId = flowId,
            UserId = userId,
            IsComplete = completedTicket is not null,
            ExpiresAt = expiresAt,
        });
        await database.SaveChangesAsync(cancellationToken);
        return new NewHandle(handle, expiresAt);
    }

    /// <summary>The handoff ticket that a complete handle stands for.</summary>
    public static string TicketOf(string handle) => $"handle:{handle}";

    /// <summary>The handle that is meant, if it works here; else <see langword="null"/>.</summary>
    public async Task<FlowHandle?> FindAsync(HandleReference reference, CancellationToken cancellationToken)
    {
        var (hash, contract, now) = (Secret.Hash(reference.Handle ?? ""), reference.Contract, time.GetUtcNow());
        var row = await database.FlowHandles.IgnoreQueryFilters().AsNoTracking()
            .Where(h => h.HandleHash == hash && h.Contract == contract && h.ExpiresAt > now && h.Tries < FlowHandle.MaximumTries)
            .SingleOrDefaultAsync(cancellationToken);
        return row is null
            || (reference.TenantId is { } tenantId && tenantId != row.TenantId)
            || (reference.UserId is { } userId && !string.Equals(userId, row.UserId.ToString(), StringComparison.OrdinalIgnoreCase))
                ? null
                : row;
    }

    /// <summary>Counts a code before it is evaluated; of parallel codes no more than there are tries get through.</summary>
    public async Task<bool> TryReserveAsync(string hash, CancellationToken cancellationToken) => await database.FlowHandles.IgnoreQueryFilters()
        .Where(h => h.HandleHash == hash && h.Tries < FlowHandle.MaximumTries)
        .ExecuteUpdateAsync(update => update.SetProperty(h => h.Tries, h => h.Tries + 1), cancellationToken) == 1;

    /// <summary>The code was not wrong after all, or not evaluated.</summary>
    public Task<int> ReturnAsync(string hash, CancellationToken cancellationToken) => database.FlowHandles.IgnoreQueryFilters()
        .Where(h => h.HandleHash == hash && h.Tries > 0)
        .ExecuteUpdateAsync(update => update.SetProperty(h => h.Tries, h => h.Tries - 1), cancellationToken);

    /// <summary>Ends a handle; of parallel calls exactly one does.</summary>
    public async Task<bool> EndAsync(string hash, CancellationToken cancellationToken) => await database.FlowHandles.IgnoreQueryFilters()
        .Where(h => h.HandleHash == hash)
        .ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>A random identifier in the form of a version-4 UUID (RFC 9562, 5.4), which every contract can carry: 122 random bits.</summary>
    private static string CreateText()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}

/// <summary>A handle that has just been made.</summary>
/// <param name="Text">The handle itself.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
internal sealed record NewHandle(string Text, DateTimeOffset ExpiresAt);
