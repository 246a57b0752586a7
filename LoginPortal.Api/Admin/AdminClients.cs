using System.Text.Json;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Administration;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>The applications of the administrator's tenant.</summary>
internal static class AdminClients
{
    private const string Unreadable = "\"";

    private static readonly (OpenIdClientKind Kind, string Name)[] Kinds =
    [
        (OpenIdClientKind.Web, "web"), (OpenIdClientKind.SinglePage, "single_page"), (OpenIdClientKind.Native, "native"), (OpenIdClientKind.Service, "service"),
    ];

    private static readonly (ClientAuthenticationKind Authentication, string Name)[] Authentications =
    [
        (ClientAuthenticationKind.None, "none"), (ClientAuthenticationKind.Secret, "client_secret"), (ClientAuthenticationKind.PrivateKey, "private_key_jwt"),
    ];

    public static void MapAdminClients(this RouteGroupBuilder admin)
    {
        var clients = admin.MapGroup("/clients");
        clients.MapGet("", ListAsync).Answers<Envelope<IReadOnlyList<AdminClientResponse>>>().Says("The applications", 401, 403).RequireBearer();
        clients.MapPost("", CreateAsync).Answers<Envelope<AdminClientResponse>>().Says("Register an application; its secret is in this answer alone", 401, 403).RequireBearer();
        clients.MapGet("/{id}", ShowAsync).Answers<Envelope<AdminClientResponse>>().Says("One application", 401, 403, 404).RequireBearer();
        clients.MapPatch("/{id}", ChangeAsync).Answers<Envelope<AdminClientResponse>>().Says("Change an application", 401, 403, 404).RequireBearer();
        clients.MapDelete("/{id}", DeleteAsync).Answers<Envelope<StatusResponse>>().Says("Delete an application and everything that it was given", 401, 403, 404).RequireBearer();
        clients.MapPost("/{id}/secrets", AddSecretAsync).Answers<Envelope<AdminClientResponse>>().Says("Make a second secret; it is in this answer alone", 401, 403, 404, 409).RequireBearer();
        clients.MapDelete("/{id}/secrets/{secretId}", RemoveSecretAsync).Answers<Envelope<AdminClientResponse>>().Says("Remove a secret", 401, 403, 404).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        AdminEndpoints.Answer(
            await clients.ListAsync(AdminEndpoints.SessionOf(caller, tenant), cancellationToken),
            list => envelopes.Ok((IReadOnlyList<AdminClientResponse>)[.. list.Select(client => ToWire(client, secret: null))]));

    private static async Task<IResult> CreateAsync(
        Body<AdminClientRequest> body, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var kind = Array.FindIndex(Kinds, kind => kind.Name == body.Value.Kind);
        return kind < 0
            ? ApiError.Malformed(FieldProblem.InBody("kind", "enum", "web, single_page, native or service"))
            : AdminEndpoints.Answer(
                await clients.CreateAsync(AdminEndpoints.SessionOf(caller, tenant), Apply(body.Value, ClientDraft.For(Kinds[kind].Kind)), cancellationToken),
                result => ToAnswer(result, envelopes));
    }

    private static async Task<IResult> ShowAsync(
        string id, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        AdminEndpoints.Answer(await clients.ShowAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken), result => ToAnswer(result, envelopes));

    private static async Task<IResult> ChangeAsync(
        string id, Body<AdminClientRequest> body, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var session = AdminEndpoints.SessionOf(caller, tenant);
        var present = await clients.ShowAsync(session, IdOf(id), cancellationToken);
        return present is AdministrationResult<ClientChangeResult>.Answered { Value: ClientChangeResult.Done(var client, _) }
            ? AdminEndpoints.Answer(
                await clients.ChangeAsync(session, client.Id, Apply(body.Value, client.Draft), cancellationToken), result => ToAnswer(result, envelopes))
            : AdminEndpoints.Answer(present, result => ToAnswer(result, envelopes));
    }

    private static async Task<IResult> DeleteAsync(
        string id, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        AdminEndpoints.Answer(await clients.DeleteAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken), result => ToAnswer(result, envelopes));

    private static async Task<IResult> AddSecretAsync(
        string id, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        AdminEndpoints.Answer(await clients.AddSecretAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken), result => ToAnswer(result, envelopes));

    private static async Task<IResult> RemoveSecretAsync(
        string id, string secretId, ClientAdministration clients, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        AdminEndpoints.Answer(
            await clients.RemoveSecretAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), IdOf(secretId), cancellationToken), result => ToAnswer(result, envelopes));

    private static Guid IdOf(string text) => Guid.TryParse(text, out var id) ? id : Guid.Empty;

    /// <summary>What is left out stays as it is.</summary>
    private static ClientDraft Apply(AdminClientRequest request, ClientDraft draft) => draft with
    {
        Name = request.Name ?? draft.Name,
        Authentication = Array.Find(Authentications, known => known.Name == request.Authentication) is { Name: not null } found ? found.Authentication
            : request.Authentication is null ? draft.Authentication : (ClientAuthenticationKind)(-1),
        IsFirstParty = request.IsFirstParty ?? draft.IsFirstParty,
        RedirectUris = Strings(request.RedirectUris) ?? draft.RedirectUris,
        PostLogoutRedirectUris = Strings(request.PostLogoutRedirectUris) ?? draft.PostLogoutRedirectUris,
        Scopes = Strings(request.Scopes) ?? draft.Scopes,
        BackChannelLogoutUri = request.BackchannelLogoutUri ?? draft.BackChannelLogoutUri,
        KeySetJson = request.Jwks ?? draft.KeySetJson,
        AllowsMissingCodeChallenge = request.AllowsMissingCodeChallenge ?? draft.AllowsMissingCodeChallenge,
    };

    /// <summary>A list of strings; what is none is handed on as something that no rule lets through.</summary>
    private static IReadOnlyList<string>? Strings(JsonElement? list) => list switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } array =>
            [.. array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? JsonBody.Text(item) ?? Unreadable : Unreadable)],
        _ => [Unreadable],
    };

    private static IResult ToAnswer(ClientChangeResult result, Envelopes envelopes) => result switch
    {
        ClientChangeResult.Done(var client, var secret) => envelopes.Ok(ToWire(client, secret)),
        ClientChangeResult.Deleted => envelopes.Ok(new StatusResponse("success", "The application and everything that it was given are deleted.")),
        ClientChangeResult.Invalid(var problems) => ApiError.Malformed([.. problems.Select(ToWire)]),
        ClientChangeResult.NoRoomForSecret => new ApiError(409, "no_room_for_secret", "It has two secrets already, or takes none. Remove one first."),
        _ => ApiError.NotFound with { Message = "There is no such application." },
    };

    private static FieldProblem ToWire(ClientProblem problem) => problem switch
    {
        ClientProblem.Name => FieldProblem.InBody("name", "value_error", "1 to 100 characters, none of them a control character"),
        ClientProblem.Authentication => FieldProblem.InBody("authentication", "enum", "none for single_page and native; client_secret or private_key_jwt for web and service"),
        ClientProblem.RedirectUris => FieldProblem.InBody("redirect_uris", "value_error", "1 to 20 addresses: https, or http on the own machine; no fragment, no wildcard"),
        ClientProblem.PostLogoutRedirectUris => FieldProblem.InBody("post_logout_redirect_uris", "value_error", "At most 20 addresses: https, or http on the own machine; no fragment, no wildcard"),
        ClientProblem.Scopes => FieldProblem.InBody("scopes", "value_error", "openid, profile, email, offline_access; for a service, names of its own without spaces"),
        ClientProblem.BackChannelLogoutUri => FieldProblem.InBody("backchannel_logout_uri", "value_error", "https, or http on the own machine"),
        _ => FieldProblem.InBody("jwks", "value_error", "A JSON Web Key Set of public keys: EC P-256 or P-384, or RSA from 2048 bits"),
    };

    private static AdminClientResponse ToWire(ClientDetails client, string? secret) => new(
        client.Id.ToString(),
        client.ClientId,
        client.Draft.Name,
        Array.Find(Kinds, known => known.Kind == client.Draft.Kind).Name,
        Array.Find(Authentications, known => known.Authentication == client.Draft.Authentication).Name,
        client.Draft.IsFirstParty,
        client.Draft.RedirectUris,
        client.Draft.PostLogoutRedirectUris,
        client.Draft.Scopes,
        client.Draft.BackChannelLogoutUri,
        client.Draft.KeySetJson,
        client.Draft.AllowsMissingCodeChallenge,
        client.Issuer,
        [.. client.Secrets.Select(known => new AdminClientSecretResponse(known.Id.ToString(), known.Ending, known.CreatedAt))],
        secret,
        client.CreatedAt);
}
