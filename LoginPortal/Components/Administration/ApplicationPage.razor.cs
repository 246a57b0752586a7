using LoginPortal.Core.Administration;
using LoginPortal.Core.OpenId;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Administration;

/// <summary>An application: registering it, changing it, its secrets. A new secret stays on the page until it is left, and is nowhere else.</summary>
public sealed partial class ApplicationPage
{
    private ClientDetails? _client;
    private ClientDraft? _draft;
    private string? _redirectUris;
    private string? _logoutUris;
    private string? _scopes;
    private string? _keys;
    private string? _secret;
    private bool _isMissing;
    private bool _isSaved;
    private Guid? _loaded;
    private IReadOnlyList<ClientProblem> _problems = [];

    /// <summary>What is to be registered; <see langword="null"/> for an application that there is.</summary>
    [Parameter]
    public string? Kind { get; set; }

    /// <summary>The application; <see langword="null"/> for one that is to be registered.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    private string Heading => _client?.Draft.Name ?? Text[_isMissing ? "Status.404.Title" : "Client.New"];

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        _loaded = Id;
        if (Id is { } id)
        {
            Take(await Clients.ShowAsync(Session, id, UntilDisposed));
        }
        else if (TryTake(await Clients.ListAsync(Session, UntilDisposed), out _))
        {
            (_client, _secret) = (null, null);
            _isMissing = !Enum.TryParse<OpenIdClientKind>(Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind);
            Show(ClientDraft.For(kind));
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // From the form of a new application to the application itself, and back: the page stays the same.
        if (_draft is not null && _loaded != Id && _client?.Id != Id)
        {
            await LoadAsync();
        }
    }

    private Task SaveAsync()
    {
        _isSaved = false;
        var draft = _draft! with { RedirectUris = Lines(_redirectUris), PostLogoutRedirectUris = Lines(_logoutUris), KeySetJson = _keys };
        draft = draft.Kind == OpenIdClientKind.Service ? draft with { Scopes = Lines(_scopes) } : draft;
        return TakeAsync(_client is { } client
            ? Clients.ChangeAsync(Session, client.Id, draft, UntilDisposed)
            : Clients.CreateAsync(Session, draft, UntilDisposed));
    }

    private Task TakeAsync(Task<AdministrationResult<ClientChangeResult>> work) => OnceAsync(async () =>
    {
        var isNew = _client is null;
        Take(await work);
        _isSaved = _problems.Count == 0;
        if (isNew && _client is { } created)
        {
            _loaded = created.Id;
            Navigation.NavigateTo($"admin/applications/{created.Id}");
        }
    });

    private void Take(AdministrationResult<ClientChangeResult> result)
    {
        if (!TryTake(result, out var change))
        {
            return;
        }

        _problems = [];
        switch (change)
        {
            case ClientChangeResult.Done(var client, var secret):
                (_client, _secret, _isMissing) = (client, secret, false);
                Show(client.Draft);
                break;
            case ClientChangeResult.Invalid(var problems):
                _problems = problems;
                break;
            case ClientChangeResult.Deleted:
                Navigation.NavigateTo("admin/applications");
                break;
            case ClientChangeResult.NotFound:
                (_isMissing, _client, _secret) = (true, null, null);
                _draft ??= ClientDraft.For(OpenIdClientKind.Web);
                break;
        }
    }

    private void Show(ClientDraft draft)
    {
        _draft = draft;
        _redirectUris = string.Join('\n', draft.RedirectUris);
        _logoutUris = string.Join('\n', draft.PostLogoutRedirectUris);
        _scopes = string.Join('\n', draft.Scopes);
        _keys = draft.KeySetJson;
    }

    private static string[] Lines(string? text) => (text ?? "").Split('\n');

    private string? ProblemOf(ClientProblem problem) => _problems.Contains(problem) ? Text[$"Client.Problem.{problem}"] : null;
}
