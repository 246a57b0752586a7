using LoginPortal.Core.Passwords;

namespace LoginPortal.Api.Http;

/// <summary>What is wrong with a new password, as a code and in words.</summary>
internal static class PasswordWords
{
    public static string CodeOf(PasswordProblem problem) => problem switch
    {
        PasswordProblem.TooShort => "too_short",
        PasswordProblem.TooLong => "too_long",
        PasswordProblem.NotText => "not_text",
        PasswordProblem.Common => "common",
        PasswordProblem.Repetitive => "repetitive",
        _ => "own_words",
    };

    public static string MessageOf(PasswordProblem problem) => problem switch
    {
        PasswordProblem.TooShort => "The password is too short.",
        PasswordProblem.TooLong => "The password is longer than 128 characters.",
        PasswordProblem.NotText => "The password is no Unicode text.",
        PasswordProblem.Common => "The password is one of those that attackers try first.",
        PasswordProblem.Repetitive => "The password is a repetition or a run of keys.",
        _ => "The password is little more than the person's or the organisation's own name.",
    };
}
