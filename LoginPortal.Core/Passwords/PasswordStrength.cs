namespace LoginPortal.Core.Passwords;

/// <summary>
/// How hard a password is to guess, for the meter beside the field. It advises; <see cref="PasswordRules"/> decides.
/// </summary>
public static class PasswordStrength
{
    /// <summary>The estimate of zxcvbn takes longer the longer the text is; beyond this many characters it adds nothing.</summary>
    private const int MaximumEstimated = 64;

    /// <summary>Reads its dictionaries once; an evaluation keeps nothing.</summary>
    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <summary>0, weakest, to 4, strongest.</summary>
    /// <param name="password">The password as typed so far.</param>
    /// <param name="ownWords">The person's address and names: they count as known to an attacker.</param>
    public static int Estimate(string? password, IEnumerable<string> ownWords)
    {
        if (string.IsNullOrEmpty(password) || !PasswordText.IsText(password))
        {
            return 0;
        }

        return Estimator.Value.EvaluatePassword(password[..Math.Min(password.Length, MaximumEstimated)], ownWords).Score;
    }
}
