using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.Audit;

namespace LoginPortal.Administration;

/// <summary>Security events as newline-delimited JSON, one a line, named as in the JSON host.</summary>
internal static class AuditLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes them as they come: neither side ever holds the table.</summary>
    public static async Task WriteAsync(IAsyncEnumerable<SecurityEvent> events, Stream target, CancellationToken cancellationToken)
    {
        await foreach (var security in events.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(
                target,
                new
                {
                    security.Id,
                    security.OccurredAt,
                    security.Kind,
                    security.Outcome,
                    security.SubjectId,
                    security.ActorId,
                    security.SessionId,
                    security.IpAddress,
                    security.Reason,
                    security.Differences,
                },
                Options,
                cancellationToken);
            await target.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }
}
