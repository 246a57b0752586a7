using System.Collections.Frozen;

namespace LoginPortal.Core.Passwords;

/// <summary>
/// Passwords that are guessed first: the frequency list that the zxcvbn library carries (about thirty thousand), patterns,
/// and words known about the person. A long password made of one of them and a few characters is no better.
/// </summary>
public sealed class PasswordBlocklist
{
    /// <summary>How many characters must remain once a blocked word is taken out.</summary>
    private const int RequiredRemainder = 6;

    /// <summary>The shortest word or run that is looked for inside a password.</summary>
    private const int ShortestPiece = 4;

    private static readonly string[] Runs =
    [
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "01234567890123456789012345678901234567890",
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1q2w3e4r5t6y7u8i9o0p", "azertyuiopqsdfghjklmwxcvbn",
    ];

    private static readonly string[] RunsEitherWay = [.. Runs, .. Runs.Select(run => new string([.. run.Reverse()]))];

    private readonly FrozenSet<string> _common;

    /// <summary>The longest word or run; nothing longer is worth looking up, and a folded password can be thousands of characters.</summary>
    private readonly int _longestPiece;

    /// <summary>Reads the list from the library's own resources.</summary>
    public PasswordBlocklist()
    {
        _common = ReadCommon().ToFrozenSet(StringComparer.Ordinal);
        _longestPiece = _common.Concat(Runs).Max(piece => piece.Length);
    }

    /// <summary>How many passwords the list holds.</summary>
    public int Count => _common.Count;

    /// <summary>Why <paramref name="password"/> is blocked; <see langword="null"/> if it is not.</summary>
    /// <param name="password">The password in NFC.</param>
    /// <param name="ownWords">Folded words of the person and the tenant, see <see cref="Fold"/>.</param>
    public PasswordProblem? Find(string password, IReadOnlySet<string> ownWords)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(ownWords);
        var folded = Fold(password);
        if (IsRepetition(folded) || IsRun(folded))
        {
            return PasswordProblem.Repetitive;
        }

        var remainder = ownWords.OrderByDescending(word => word.Length).Aggregate(
            folded,
            (rest, word) => rest.Replace(word, "", StringComparison.Ordinal));
        if (remainder.Length != folded.Length && Letters(remainder) < RequiredRemainder)
        {
            return PasswordProblem.OwnWords;
        }

        return IsCommon(folded) || IsCommon(Unleet(folded)) ? PasswordProblem.Common : null;
    }

    /// <summary>Lower case and compatibility forms as one, so that small changes of a blocked word do not hide it.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();
    }

    /// <summary>Whether next to nothing remains once the two longest listed words or runs are taken out.</summary>
    private bool IsCommon(string folded)
    {
        var remainder = WithoutLongestPiece(WithoutLongestPiece(folded));
        return remainder.Length != folded.Length && Letters(remainder) < RequiredRemainder;
    }

    private string WithoutLongestPiece(string text)
    {
        for (var length = Math.Min(text.Length, _longestPiece); length >= ShortestPiece; length--)
        {
            for (var start = 0; start + length <= text.Length; start++)
            {
                var piece = text.Substring(start, length);
                if (_common.Contains(piece) || IsRun(piece))
                {
                    return text.Remove(start, length);
                }
            }
        }

        return text;
    }

    private bool IsRepetition(string folded)
    {
        for (var period = 1; period <= folded.Length / 2; period++)
        {
            if ((period <= 4 || _common.Contains(folded[..period])) && HasPeriod(folded, period))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPeriod(string text, int period)
    {
        for (var index = period; index < text.Length; index++)
        {
            if (text[index] != text[index - period])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRun(string folded) =>
        folded.Length >= ShortestPiece && Array.Exists(RunsEitherWay, run => run.Contains(folded, StringComparison.Ordinal));

    private static int Letters(string text) => text.Count(char.IsLetterOrDigit);

    private static string Unleet(string folded) => string.Create(folded.Length, folded, static (target, source) =>
    {
        for (var index = 0; index < source.Length; index++)
        {
            target[index] = source[index] switch
            {
                '0' => 'o',
                '1' or '!' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                var other => other,
            };
        }
    });

    private static IEnumerable<string> ReadCommon()
    {
        var assembly = typeof(Zxcvbn.Zxcvbn).Assembly;
        var name = Array.Find(assembly.GetManifestResourceNames(), n => n.EndsWith("passwords.lst", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The zxcvbn library no longer carries its list of common passwords.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return Fold(line);
            }
        }
    }
}
