namespace LoginPortal.Api.Http;

/// <summary>The section <c>Api</c> of the configuration.</summary>
internal sealed class ApiOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Api";

    /// <summary>Requests that one network address may send to a node in a minute; more are answered with 429. Default 300.</summary>
    public int RequestsPerMinutePerAddress { get; set; } = 300;
}
