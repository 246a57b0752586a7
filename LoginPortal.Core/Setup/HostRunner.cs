using LoginPortal.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>What both hosts do around their own work: start well, or say plainly why not.</summary>
public static class HostRunner
{
    /// <summary>Runs a host's <c>Main</c>. What is wrong with its configuration or database is said without a stack trace.</summary>
    /// <param name="main">The host's work.</param>
    /// <returns>The exit code: 0, or 1 if the host could not start.</returns>
    public static async Task<int> RunAsync(Func<Task> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        try
        {
            await main();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            return await RefuseAsync(exception.Failures);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return await RefuseAsync(exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
        }
        catch (StartupException exception)
        {
            return await RefuseAsync(exception.Problems);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return await RefuseAsync([$"The database cannot be used: {exception.GetBaseException().Message}"]);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            // A port that is taken, a file that cannot be read, an address to listen at that is none: their words name it.
            return await RefuseAsync([exception.Message]);
        }
    }

    /// <summary>Checks the options and the schema, and in Development brings both schema and demo data about.</summary>
    /// <exception cref="StartupException">The schema is outdated.</exception>
    public static async Task PrepareAsync(this IServiceProvider services, IHostEnvironment environment, CancellationToken cancellationToken = default)
    {
        CheckOptions(services);
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<DatabaseStartup>();
        if (environment.IsDevelopment())
        {
            await database.MigrateAsync(cancellationToken);
            await scope.ServiceProvider.GetRequiredService<DemoData>().SeedAsync(cancellationToken);
        }
        else
        {
            await database.RequireCurrentSchemaAsync(cancellationToken);
        }
    }

    /// <summary>Checks the options, and the schema if it is needed, as every command does before its work.</summary>
    /// <exception cref="StartupException">Something is wrong with them.</exception>
    public static async Task CheckAsync(this IServiceProvider services, bool isSchemaNeeded, CancellationToken cancellationToken = default)
    {
        CheckOptions(services);
        if (isSchemaNeeded)
        {
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().RequireCurrentSchemaAsync(cancellationToken);

            // A host makes the first key when it starts; a command would make it inside a transaction, which it would then wait for.
            services.GetRequiredService<IDataProtectionProvider>().CreateProtector(nameof(HostRunner)).Protect([]);
        }
    }

    /// <summary>The command <c>migrate</c>.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, TextWriter output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await using var scope = services.CreateAsyncScope();
        var applied = await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(cancellationToken);
        await output.WriteLineAsync(applied.Count == 0
            ? "The database is up to date."
            : $"Applied {string.Join(", ", applied)}. The database is up to date.");
    }

    /// <summary>Looks at the whole configuration.</summary>
    /// <exception cref="StartupException">Something is wrong with it; everything that is, is told.</exception>
    private static void CheckOptions(IServiceProvider services)
    {
        var problems = services.GetServices<IConfigurationCheck>().SelectMany(check => check.FindProblems()).ToList();
        if (problems.Count > 0)
        {
            throw new StartupException(problems);
        }

        services.GetService<IStartupValidator>()?.Validate();
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> reasons)
    {
        await Console.Error.WriteLineAsync("LoginPortal cannot start:");
        foreach (var reason in reasons)
        {
            await Console.Error.WriteLineAsync($"  - {reason}");
        }

        return 1;
    }
}
