using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Mail;

/// <summary>Who gets a mail.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Language">The language that the person chose, as a culture name; <see langword="null"/> if none is known.</param>
public sealed record MailRecipient(string Address, string? Language = null)
{
    /// <summary>The account that it is about, which need not have the address yet or any longer; <see langword="null"/> if there is none.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The owner of an account, at the address that is stored with it.</summary>
    public static MailRecipient Of(PortalUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new(user.Email ?? throw new InvalidOperationException("The account has no address."), user.Language) { UserId = user.Id };
    }
}
