namespace LoginPortal.Core.OpenId;

/// <summary>What becomes of an authorization request. A closed family.</summary>
public abstract record AuthorizationOutcome
{
    private AuthorizationOutcome()
    {
    }

    /// <summary>It is answered.</summary>
    /// <param name="Answer">What goes to the client.</param>
    public sealed record Reply(AuthorizationReply Answer) : AuthorizationOutcome;

    /// <summary>The person has to sign in first.</summary>
    /// <param name="RequestId">The request that waits.</param>
    /// <param name="Wishes">What the application knows of the person.</param>
    /// <param name="IsFresh">Whether they have to although somebody is signed in.</param>
    public sealed record SignIn(Guid RequestId, AuthorizationParameters Wishes, bool IsFresh) : AuthorizationOutcome;

    /// <summary>The person is to choose an account.</summary>
    /// <param name="RequestId">The request that waits.</param>
    /// <param name="Wishes">What the application knows of the person.</param>
    public sealed record SelectAccount(Guid RequestId, AuthorizationParameters Wishes) : AuthorizationOutcome;

    /// <summary>The person has to agree first.</summary>
    /// <param name="RequestId">The request that waits.</param>
    public sealed record Consent(Guid RequestId) : AuthorizationOutcome;

    /// <summary>The browser is to come again by the name of the request.</summary>
    /// <param name="ClientId">The <c>client_id</c>.</param>
    /// <param name="RequestUri">The <c>request_uri</c>.</param>
    public sealed record Again(string ClientId, string RequestUri) : AuthorizationOutcome;

    /// <summary>It cannot be answered to anybody but the person.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Untrusted(UntrustedRequest Reason) : AuthorizationOutcome;
}

/// <summary>What goes to the client through the browser.</summary>
/// <param name="ClientName">What people call the client.</param>
/// <param name="RedirectUri">Where to.</param>
/// <param name="IsFormPost">Whether as a posted form and not in the query.</param>
/// <param name="Parameters">What is said, in this order.</param>
public sealed record AuthorizationReply(
    string ClientName, string RedirectUri, bool IsFormPost, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>The address with the parameters in its query.</summary>
    public string Address => Parameters.Count == 0 ? RedirectUri : RedirectUri
        + (RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?')
        + string.Join('&', Parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));

    /// <summary>Without the code: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(AuthorizationReply)} to {RedirectUri}";
}

/// <summary>What a pushed request came to. A closed family.</summary>
public abstract record PushedRequestResult
{
    private PushedRequestResult()
    {
    }

    /// <summary>It is stored.</summary>
    /// <param name="Request">How a browser names it.</param>
    public sealed record Stored(PushedRequest Request) : PushedRequestResult;

    /// <summary>It is not.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(OpenIdError Error) : PushedRequestResult;
}

/// <summary>A stored request.</summary>
/// <param name="RequestUri">The <c>request_uri</c>; works once.</param>
/// <param name="ExpiresIn">For how many seconds.</param>
public sealed record PushedRequest(string RequestUri, int ExpiresIn)
{
    /// <summary>Without the name: records print themselves into logs.</summary>
    public override string ToString() => nameof(PushedRequest);
}
