using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Tells applications that a session ended (OpenID Connect Back-Channel Logout 1.0). A node leases what is due by moving its next try on, in one
/// conditional update; an application that does not answer is tried again for an hour.
/// </summary>
public sealed partial class LogoutSender(
    IServiceScopeFactory scopes, IHttpClientFactory clients, OpenIdTokens tokens, TimeProvider time, ILogger<LogoutSender> logger)
    : RecurringService(Interval, time, logger)
{
    /// <summary>How long an application may take.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private const int BatchSize = 20;
    private const int MaximumAttempts = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Tells what is due.</summary>
    /// <returns>How many were tried.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var now = Time.GetUtcNow();
        var due = await database.OpenIdGrants.IgnoreQueryFilters().AsNoTracking().Include(g => g.Client)
            .Where(g => g.LogoutDueAt <= now && database.Sessions.IgnoreQueryFilters().Any(s => s.Id == g.SessionId && s.EndedAt != null))
            .OrderBy(g => g.LogoutDueAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        var told = new HashSet<(Guid, Guid)>();
        foreach (var grant in due)
        {
            if (await LeaseAsync(database, grant, cancellationToken))
            {
                var isNew = told.Add((grant.ClientId, grant.ToldSessionId));
                var isDone = !isNew || grant.Client?.BackChannelLogoutUri is null || await TellAsync(grant, cancellationToken);
                await NoteAsync(database, grant, isDone, cancellationToken);
            }
        }

        return due.Count;
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(cancellationToken) == BatchSize;

    private async Task<bool> LeaseAsync(PortalDbContext database, OpenIdGrant grant, CancellationToken cancellationToken)
    {
        var until = Time.GetUtcNow() + Lease;
        return await database.OpenIdGrants.IgnoreQueryFilters()
            .Where(g => g.Id == grant.Id && g.LogoutDueAt == grant.LogoutDueAt)
            .ExecuteUpdateAsync(update => update.SetProperty(g => g.LogoutDueAt, until), cancellationToken) == 1;
    }

    private async Task<bool> TellAsync(OpenIdGrant grant, CancellationToken cancellationToken)
    {
        // A tenant that has been suspended still says that its sessions have ended.
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindEvenSuspendedAsync(grant.TenantId, cancellationToken) is not { } tenant)
        {
            return true;
        }

        try
        {
            var token = await tokens.CreateLogoutTokenAsync(tenant, grant, grant.Client!.ClientId, cancellationToken);
            using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
            using var request = new HttpRequestMessage(HttpMethod.Post, grant.Client.BackChannelLogoutUri) { Content = content };
            using var response = await clients.CreateClient(nameof(LogoutSender)).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            // A refusal is an answer too (2.8): asking again would not change it.
            if ((int)response.StatusCode is >= 200 and < 300 or 400)
            {
                return true;
            }

            LogNotTold(Logger, grant.Client.ClientId, grant.TenantId, $"status {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or IOException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNotTold(Logger, grant.Client!.ClientId, grant.TenantId, exception.Message);
        }

        return false;
    }

    private async Task NoteAsync(PortalDbContext database, OpenIdGrant grant, bool isDone, CancellationToken cancellationToken)
    {
        var attempts = grant.LogoutAttempts + 1;
        DateTimeOffset? next = isDone || attempts >= MaximumAttempts ? null : Time.GetUtcNow() + TimeSpan.FromSeconds(15 * Math.Pow(3, attempts - 1));
        await database.OpenIdGrants.IgnoreQueryFilters()
            .Where(g => g.Id == grant.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(g => g.LogoutDueAt, next).SetProperty(g => g.LogoutAttempts, attempts), cancellationToken);
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The application {ClientId} of tenant {TenantId} could not be told of an ended session: {Error}")]
    private static partial void LogNotTold(ILogger logger, string clientId, Guid tenantId, string error);
}
