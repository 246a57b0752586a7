namespace LoginPortal.Api;

/// <summary>Marks this assembly for whoever hosts it, such as a test.</summary>
public sealed class ApiHost;
