using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Mail.Templates;

/// <summary>Renders the templates: <see cref="HtmlMail"/> for programs that show HTML, <see cref="TextMail"/> for the others.</summary>
public sealed class MailRenderer(ILoggerFactory loggers)
{
    private static readonly NoServices None = new();

    /// <summary>Both bodies.</summary>
    /// <param name="words">What they say.</param>
    public async Task<MailContent> RenderAsync(MailWords words)
    {
        await using var renderer = new HtmlRenderer(None, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(HtmlMail.Words)] = words });
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var html = await renderer.RenderComponentAsync<HtmlMail>(parameters);
            var text = await renderer.RenderComponentAsync<TextMail>(parameters);

            // The renderer encodes for HTML, which plain text is not.
            return new MailContent(WebUtility.HtmlDecode(text.ToHtmlString()).Trim(), $"<!DOCTYPE html>\n{html.ToHtmlString()}");
        });
    }

    /// <summary>
    /// A template is given everything that it shows and asks for nothing. Where a host serves pages, the renderer would otherwise find services
    /// there that belong to a page.
    /// </summary>
    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
