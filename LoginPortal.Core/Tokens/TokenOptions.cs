namespace LoginPortal.Core.Tokens;

/// <summary>The section <c>Tokens</c> of the configuration, shared by both hosts.</summary>
public sealed class TokenOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Tokens";

    /// <summary>How long an access token works, one minute to one hour. Default 15 minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The <c>aud</c> of access tokens: what they are for. Default <c>loginportal-api</c>.</summary>
    public string Audience { get; set; } = "loginportal-api";
}
