namespace LoginPortal.Core.Accounts;

/// <summary>Words that people choose for their own things.</summary>
internal static class DisplayText
{
    /// <summary>Without control characters and halves of pairs, trimmed and cut to <paramref name="maximumLength"/>.</summary>
    public static string Clean(string? text, int maximumLength)
    {
        var clean = new string([.. (text ?? "").Where(character => !char.IsControl(character) && !char.IsSurrogate(character))]).Trim();
        return clean.Length > maximumLength ? clean[..maximumLength] : clean;
    }
}
