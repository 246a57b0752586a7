namespace LoginPortal.Core.Tests;

/// <summary>Arbitrary UTF-16, the same in every run: half of it characters that are known to make trouble.</summary>
internal static class RandomText
{
    private static readonly char[] Troublemakers =
    [
        '\0', '\t', '\n', '\r', ' ', '"', '\'', '\\', '/', '<', '%', '@', '.', '-', '\u0085', '\u00DF', '\u00E4', '\u0130', '\u0131',
        '\u017F', '\u0301', '\u0345', '\u200B', '\u200D', '\u202E', '\u2028', '\u212A', '\u3002', '\uAC00', '\u1112', '\uD800', '\uDBFF',
        '\uDC00', '\uDFFF', '\uFB03', '\uFDFA', '\uFEFF', '\uFFFD', '\uFFFE', '\uFFFF',
    ];

    public static IEnumerable<string> Many(int count, int seed = 20_310_314)
    {
#pragma warning disable CA5394 // The texts need to be the same in every run, not secret.
        var random = new Random(seed);
        for (var index = 0; index < count; index++)
        {
            var text = new char[random.Next(0, index % 10 == 0 ? 300 : 24)];
            for (var position = 0; position < text.Length; position++)
            {
                text[position] = random.Next(4) switch
                {
                    0 => Troublemakers[random.Next(Troublemakers.Length)],
                    1 => (char)random.Next(0x10000),
                    _ => (char)random.Next(0x20, 0x7F),
                };
            }

            yield return new string(text);
        }
#pragma warning restore CA5394
    }
}
