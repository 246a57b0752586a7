using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;

namespace LoginPortal.Commands;

/// <summary>What commands share: the portal's services without a server, and where words go.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter errors, Action<IHostApplicationBuilder>? configure = null)
{
    /// <summary>Where results go.</summary>
    public TextWriter Output => output;

    /// <summary>Runs a command with the portal's services, after the configuration, and the schema where it is needed, have been checked.</summary>
    public async Task<int> RunAsync(Func<IServiceProvider, Task<int>> command, bool isSchemaNeeded = true, CancellationToken cancellationToken = default)
    {
        try
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
            builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(logs => logs.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Logging.AddFilter(null, LogLevel.Warning);

            // What goes wrong is thrown, and said once in words; and whoever migrates an empty database asks in vain for what has been applied.
            builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
            configure?.Invoke(builder);
            builder.AddLoginPortalCore();
            await using var app = builder.Build();
            await app.Services.CheckAsync(isSchemaNeeded, cancellationToken);
            return await command(app.Services);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await FailAsync("Stopped.");
        }
        catch (StartupException exception)
        {
            return await FailAsync([.. exception.Problems]);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return await FailAsync($"The database cannot be used: {exception.GetBaseException().Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return await FailAsync(exception.Message);
        }
    }

    /// <summary>Says what was done.</summary>
    public async Task<int> DoneAsync(string text)
    {
        await output.WriteLineAsync(text);
        return 0;
    }

    /// <summary>Says why it was not.</summary>
    public async Task<int> FailAsync(params string[] reasons)
    {
        foreach (var reason in reasons)
        {
            await errors.WriteLineAsync(reason);
        }

        return 1;
    }

    /// <summary>A bar that fills, where somebody looks at it; nothing where the output goes into a file.</summary>
    public void ShowProgress(long done, long total)
    {
        const int width = 40;
        if (!Console.IsErrorRedirected && errors != TextWriter.Null && total > 0)
        {
            var filled = (int)(width * done / total);
            errors.Write($"\r[{new string('#', filled)}{new string('.', width - filled)}] {done:N0} of {total:N0}{(done == total ? Environment.NewLine : "")}");
        }
    }

    /// <summary>The passphrase from a file, or as it is typed.</summary>
    public static async Task<string> ReadPassphraseAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            return (await File.ReadAllTextAsync(file.FullName, cancellationToken)).TrimEnd('\r', '\n');
        }

        if (Console.IsInputRedirected)
        {
            throw new StartupException("Give the passphrase in a file, with --passphrase-file.");
        }

        await Console.Error.WriteAsync("Passphrase: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            typed = key.Key == ConsoleKey.Backspace ? typed.Remove(Math.Max(0, typed.Length - 1), Math.Min(1, typed.Length)) : typed.Append(key.KeyChar);
        }

        await Console.Error.WriteLineAsync();
        return typed.ToString();
    }
}
