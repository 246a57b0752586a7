namespace LoginPortal.Core.SignIn;

/// <summary>What is known of where a request came from. Recorded and shown to people; nothing is decided by it.</summary>
/// <param name="IpAddress">The network address, as text.</param>
/// <param name="UserAgent">The User-Agent header, cut to 512 characters.</param>
public sealed record RequestFacts(string? IpAddress, string? UserAgent)
{
    /// <summary>The portal itself, where no request is the cause.</summary>
    public static RequestFacts Portal { get; } = new(null, null);
}
