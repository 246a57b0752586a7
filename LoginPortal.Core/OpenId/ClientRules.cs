using System.Text.Json;

namespace LoginPortal.Core.OpenId;

/// <summary>What must hold of an application before it is registered.</summary>
internal static class ClientRules
{
    private const int MaximumKeySet = 16 * 1024;
    private const int MaximumScopes = 50;
    private const int MaximumScopeLength = 64;

    /// <summary>Trimmed, without what does not belong to the kind.</summary>
    public static ClientDraft Clean(ClientDraft draft)
    {
        var isService = draft.Kind == OpenIdClientKind.Service;
        var scopes = Lines(draft.Scopes);
        return draft with
        {
            Name = draft.Name.Trim(),
            RedirectUris = isService ? [] : Lines(draft.RedirectUris),
            PostLogoutRedirectUris = isService ? [] : Lines(draft.PostLogoutRedirectUris),
            Scopes = isService ? scopes : [.. OpenIdScope.All.Where(scope => scope == OpenIdScope.OpenId || scopes.Contains(scope)), .. scopes.Except(OpenIdScope.All)],
            BackChannelLogoutUri = isService || string.IsNullOrWhiteSpace(draft.BackChannelLogoutUri) ? null : draft.BackChannelLogoutUri.Trim(),
            KeySetJson = draft.Authentication != ClientAuthenticationKind.PrivateKey || string.IsNullOrWhiteSpace(draft.KeySetJson) ? null : draft.KeySetJson.Trim(),
            AllowsMissingCodeChallenge = draft is { AllowsMissingCodeChallenge: true, Kind: OpenIdClientKind.Web },
        };
    }

    /// <summary>Everything that is wrong with a clean draft.</summary>
    public static IReadOnlyList<ClientProblem> Check(ClientDraft draft)
    {
        var problems = new List<ClientProblem>();
        Add(ClientProblem.Name, draft.Name.Length is 0 or > OpenIdClient.MaximumNameLength || draft.Name.Any(char.IsControl));
        var isConfidential = draft.Kind is OpenIdClientKind.Web or OpenIdClientKind.Service;
        Add(ClientProblem.Authentication, !Enum.IsDefined(draft.Authentication) || isConfidential == (draft.Authentication == ClientAuthenticationKind.None));
        if (draft.Kind == OpenIdClientKind.Service)
        {
            Add(ClientProblem.Scopes, draft.Scopes.Count > MaximumScopes || draft.Scopes.Any(scope => !IsScope(scope) || OpenIdScope.All.Contains(scope)));
        }
        else
        {
            Add(
                ClientProblem.RedirectUris,
                draft.RedirectUris.Count is 0 or > OpenIdClient.MaximumUris || draft.RedirectUris.Any(uri => !RedirectUris.IsAllowed(uri, draft.Kind)));
            Add(ClientProblem.Scopes, draft.Scopes.Except(OpenIdScope.All).Any());
        }

        Add(
            ClientProblem.PostLogoutRedirectUris,
            draft.PostLogoutRedirectUris.Count > OpenIdClient.MaximumUris || draft.PostLogoutRedirectUris.Any(uri => !RedirectUris.IsAllowed(uri, draft.Kind)));
        Add(ClientProblem.BackChannelLogoutUri, draft.BackChannelLogoutUri is { } address && !RedirectUris.IsAllowed(address, OpenIdClientKind.Web));
        Add(ClientProblem.KeySet, draft.Authentication == ClientAuthenticationKind.PrivateKey && !IsKeySet(draft.KeySetJson));
        return problems;

        void Add(ClientProblem problem, bool isThere)
        {
            if (isThere)
            {
                problems.Add(problem);
            }
        }
    }

    private static IReadOnlyList<string> Lines(IReadOnlyList<string> lines) =>
        [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The characters of a scope (OAuth 2.1, 1.4.1).</summary>
    private static bool IsScope(string scope) =>
        scope.Length <= MaximumScopeLength && scope.All(character => character is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));

    private static bool IsKeySet(string? text)
    {
        if (text is null || text.Length > MaximumKeySet)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                && keys.GetArrayLength() is > 0 and <= 10
                && keys.EnumerateArray().All(key => JwtText.TryReadPublicKey(key) is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
