using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Passwords;

/// <summary>
/// What a new password must be: long enough, and not one that an attacker tries first. There are no rules of composition
/// (NIST SP 800-63B-4, 3.1.1.2).
/// </summary>
public sealed class PasswordRules(PasswordBlocklist blocklist, TimeProvider time)
{
    /// <summary>What is wrong with <paramref name="password"/>; empty if nothing is.</summary>
    /// <param name="password">The password as typed.</param>
    /// <param name="tenant">The tenant, whose policy sets the length and whose names are no passwords.</param>
    /// <param name="ownWords">The person's address and names, which are no passwords either.</param>
    public IReadOnlyList<PasswordProblem> Check(string? password, TenantProfile tenant, IEnumerable<string> ownWords)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(ownWords);
        if (password is not null && !PasswordText.IsText(password))
        {
            return [PasswordProblem.NotText];
        }

        if (!PasswordText.TryNormalize(password, out var normalized))
        {
            return [string.IsNullOrEmpty(password) ? PasswordProblem.TooShort : PasswordProblem.TooLong];
        }

        var problems = new List<PasswordProblem>();
        if (PasswordText.Length(normalized) < tenant.Policy.MinimumPasswordLengthAt(time.GetUtcNow()))
        {
            problems.Add(PasswordProblem.TooShort);
        }

        var words = Words([tenant.DisplayName, tenant.Slug, tenant.PrimaryHost ?? "", .. ownWords]);
        if (blocklist.Find(normalized, words) is { } found)
        {
            problems.Add(found);
        }

        return problems;
    }

    /// <summary>The words of names and addresses: whole, and in their parts of at least four characters.</summary>
    private static HashSet<string> Words(IEnumerable<string> texts)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts.Where(PasswordText.IsText))
        {
            words.Add(PasswordBlocklist.Fold(text));
            words.UnionWith(text.Split(['@', '.', '-', '_', '+', ' ', '\''], StringSplitOptions.RemoveEmptyEntries).Select(PasswordBlocklist.Fold));
        }

        words.RemoveWhere(word => word.Length < 4);
        return words;
    }
}

/// <summary>What can be wrong with a new password.</summary>
public enum PasswordProblem
{
    /// <summary>Fewer code points than the tenant asks for.</summary>
    TooShort = 0,

    /// <summary>More than <see cref="PasswordText.MaximumLength"/> code points.</summary>
    TooLong = 1,

    /// <summary>No Unicode text: it holds half of a character, or what is none.</summary>
    NotText = 2,

    /// <summary>One of the passwords that attackers try first, or one of them with a few characters added.</summary>
    Common = 3,

    /// <summary>The same few characters again and again, or a run along the alphabet, the digits or the keyboard.</summary>
    Repetitive = 4,

    /// <summary>Little more than the person's own name or address, or the organisation's name.</summary>
    OwnWords = 5,
}
