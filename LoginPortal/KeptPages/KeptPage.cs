using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Tenants;

namespace LoginPortal.KeptPages;

/// <summary>A page as it was drawn, with gaps for what is each visitor's own.</summary>
internal sealed class KeptPage
{
    private readonly byte[] _drawn;
    private readonly List<(int Start, int End, bool IsToken)> _pieces = [];
    private readonly int _tokens;
    private readonly int _returnUrls;

    /// <param name="drawn">The page, with <see cref="TokenPlaceholder"/> and <see cref="ReturnUrlPlaceholder"/> in it.</param>
    /// <param name="tenant">The tenant as it was when the page was drawn.</param>
    /// <param name="keptUntil">When it is drawn anew, UTC.</param>
    public KeptPage(byte[] drawn, TenantProfile tenant, DateTimeOffset keptUntil)
    {
        (_drawn, Tenant, KeptUntil) = (drawn, tenant, keptUntil);
        var (token, returnUrl) = (Encoding.ASCII.GetBytes(TokenPlaceholder), Encoding.ASCII.GetBytes(ReturnUrlPlaceholder));
        for (var start = 0; start <= drawn.Length;)
        {
            var rest = drawn.AsSpan(start);
            var (nextToken, nextReturnUrl) = (rest.IndexOf(token), rest.IndexOf(returnUrl));
            var isToken = nextToken >= 0 && (nextReturnUrl < 0 || nextToken < nextReturnUrl);
            var length = isToken ? nextToken : nextReturnUrl >= 0 ? nextReturnUrl : rest.Length;
            _pieces.Add((start, start + length, isToken));
            start += length + token.Length;
            _tokens += isToken ? 1 : 0;
        }

        _returnUrls = _pieces.Count - 1 - _tokens;
    }

    /// <summary>Stands for the visitor's antiforgery token. Not to be guessed, so that no word of a tenant is taken for it.</summary>
    public static string TokenPlaceholder { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>Likewise for the value of <c>returnUrl</c>.</summary>
    public static string ReturnUrlPlaceholder { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>The tenant as it was when the page was drawn.</summary>
    public TenantProfile Tenant { get; }

    /// <summary>When it is drawn anew, UTC.</summary>
    public DateTimeOffset KeptUntil { get; }

    /// <summary>What it takes in memory, in bytes.</summary>
    public int Size => _drawn.Length;

    /// <summary>How long it is with these in its gaps, in bytes.</summary>
    public int LengthWith(string token, string returnUrl) => _drawn.Length
        + (_tokens * (token.Length - TokenPlaceholder.Length))
        + (_returnUrls * (returnUrl.Length - ReturnUrlPlaceholder.Length));

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="token">The visitor's token, in characters that mean nothing in HTML.</param>
    /// <param name="returnUrl">The value of <c>returnUrl</c>, escaped as in a query (RFC 3986, 2.1), which HTML needs no escaping for.</param>
    public void WriteTo(IBufferWriter<byte> output, string token, string returnUrl)
    {
        for (var index = 0; index < _pieces.Count; index++)
        {
            var (start, end, isToken) = _pieces[index];
            output.Write(_drawn.AsSpan(start, end - start));
            if (index < _pieces.Count - 1)
            {
                Encoding.ASCII.GetBytes(isToken ? token : returnUrl, output);
            }
        }
    }
}
