using LoginPortal.Visits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Forms;

namespace LoginPortal.Security;

/// <summary>
/// The antiforgery token of the forms that are drawn. The framework's own provider hands it to the circuit in the page, which would make each visitor's page another;
/// here a circuit has the one that goes with the cookie of the request that opened it.
/// </summary>
internal sealed class FormTokens(IAntiforgery antiforgery) : AntiforgeryStateProvider
{
    private readonly AntiforgeryRequestToken? _ofCircuit = CircuitOpening.Current?.FormToken;
    private HttpContext? _request;
    private string? _placeholder;

    /// <summary>Draws for this request from now on.</summary>
    public void Answer(HttpContext request) => _request = request;

    /// <summary>Has forms drawn with this in the place of a token.</summary>
    /// <param name="placeholder">What is written; <see langword="null"/> for tokens again.</param>
    public void WriteInstead(string? placeholder) => _placeholder = placeholder;

    /// <summary>The token for the forms of the circuit that this request opens; a browser without the cookie that goes with it is given one.</summary>
    public AntiforgeryRequestToken? ForCircuit(HttpContext request) => Described(antiforgery.GetAndStoreTokens(request));

    /// <inheritdoc />
    public override AntiforgeryRequestToken? GetAntiforgeryToken()
    {
        if (_request is null)
        {
            return _ofCircuit;
        }

        // The cookie can be set until the answer has begun.
        var tokens = _request.Response.HasStarted ? antiforgery.GetTokens(_request) : antiforgery.GetAndStoreTokens(_request);
        return _placeholder is null ? Described(tokens) : new AntiforgeryRequestToken(_placeholder, tokens.FormFieldName);
    }

    private static AntiforgeryRequestToken? Described(AntiforgeryTokenSet tokens) =>
        tokens.RequestToken is { } token ? new AntiforgeryRequestToken(token, tokens.FormFieldName) : null;
}
