namespace LoginPortal.Core.SignIn;

/// <summary>What is known of where a request came from. Recorded and shown to people; nothing is decided by it.</summary>
/// <param name="IpAddress">The network address, as text.</param>
/// <param name="UserAgent">The User-Agent header, cut to 512 characters.</param>
/// <param name="Language">The language of the page, as a culture name: that of the mails that were asked for on it. Default the tenant's.</param>
public sealed record RequestFacts(string? IpAddress, string? UserAgent, string? Language = null)
{
    /// <summary>The portal itself, where no request is the cause.</summary>
    public static RequestFacts Portal { get; } = new(null, null);
}
