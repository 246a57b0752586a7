using System.Globalization;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Texts;
using LoginPortal.Core.Tokens;
using Microsoft.Net.Http.Headers;

namespace LoginPortal.Api.Http;

/// <summary>Who and what stands behind the request.</summary>
internal sealed class Caller(IHttpContextAccessor accessor)
{
    private const int LongestUserAgent = 512;

    /// <summary>Who sends it, on endpoints that need a bearer.</summary>
    public Bearer? Bearer { get; set; }

    /// <summary>The person's session, on endpoints that need a full token.</summary>
    public Core.Sessions.ActiveSession Session => Bearer?.Session ?? throw new InvalidOperationException("This endpoint needs no bearer.");

    /// <summary>Where it comes from.</summary>
    public RequestFacts Facts
    {
        get
        {
            var context = accessor.HttpContext!;
            var agent = context.Request.Headers.UserAgent.ToString();
            return new RequestFacts(
                context.Connection.RemoteIpAddress?.ToString(), agent.Length > LongestUserAgent ? Cut(agent) : agent, LanguageOf(context));
        }
    }

    /// <summary>Not through the middle of a character: no database keeps half of one.</summary>
    private static string Cut(string agent) =>
        char.IsHighSurrogate(agent[LongestUserAgent - 1]) ? agent[..(LongestUserAgent - 1)] : agent[..LongestUserAgent];

    /// <summary>The first language of the client that there are words in.</summary>
    private static string? LanguageOf(HttpContext context) =>
        StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptLanguage, out var wanted)
            ? wanted.OrderByDescending(language => language.Quality ?? 1)
                .Select(language => language.Value.Value?.Split('-')[0].ToLower(CultureInfo.InvariantCulture))
                .FirstOrDefault(language => language is not null && TextCatalog.Languages.Contains(language))
            : null;
}
