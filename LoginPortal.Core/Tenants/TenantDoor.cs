using LoginPortal.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Finds the tenant of a request from outside: from the database each time, in a scope of its own, because the request of a circuit lasts as long as the circuit and
/// would keep the database's context with it. Requests that come while PostgreSQL is being asked for their tenant share the next answer.
/// </summary>
public sealed class TenantDoor
{
    private readonly IServiceScopeFactory _scopes;
    private readonly SharedAnswers<Question, TenantProfile?>? _shared;

    /// <summary>One for the process.</summary>
    public TenantDoor(IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _scopes = scopes;

        // SQLite answers within the process, sooner than one could wait for another.
        _shared = options.Value.Provider == DatabaseProvider.PostgreSql ? new SharedAnswers<Question, TenantProfile?>(AskAsync, time) : null;
    }

    /// <summary>The active tenant with this slug; <see langword="null"/> if there is none.</summary>
    public Task<TenantProfile?> FindBySlugAsync(string slug) => FindAsync(new Question(slug, IsHost: false));

    /// <summary>The active tenant that has proved this host to be its own; <see langword="null"/> if there is none.</summary>
    /// <param name="host">The host without port, in any case.</param>
    public Task<TenantProfile?> FindByHostAsync(string host) => FindAsync(new Question(HostName.Normalize(host), IsHost: true));

    private Task<TenantProfile?> FindAsync(Question question) => _shared?.AskAsync(question) ?? AskAsync(question);

    private async Task<TenantProfile?> AskAsync(Question question)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var directory = scope.ServiceProvider.GetRequiredService<TenantDirectory>();

        // Others may wait for the answer when the one who asked has gone.
        return await (question.IsHost
            ? directory.FindByHostAsync(question.Name, CancellationToken.None)
            : directory.FindBySlugAsync(question.Name, CancellationToken.None));
    }

    private sealed record Question(string Name, bool IsHost);
}
