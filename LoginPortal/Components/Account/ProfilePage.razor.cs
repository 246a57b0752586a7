using LoginPortal.Components.Shared;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Account;

/// <summary>A person's names, language, time zone, picture and what else the tenant asks of them.</summary>
public sealed partial class ProfilePage
{
    private ProfileView? _shown;
    private IReadOnlyList<FieldProblem>? _problems;

    /// <summary>The profile; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public ProfileView? Shown { get => _shown; set => Restore(ref _shown, value); }

    /// <summary>What is wrong with what was submitted; likewise restored.</summary>
    [PersistentState]
    public IReadOnlyList<FieldProblem>? Problems { get => _problems; set => Restore(ref _problems, value); }

    [Inject]
    private AccountProfile Profile { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "saved")]
    private string? Saved { get; set; }

    [SupplyParameterFromQuery(Name = "picture")]
    private string? Picture { get; set; }

    private ProfileInput Input { get; } = new();

    private bool AreNamesOptional => Tenant.Required.Policy.Registration.Names != FieldRequirement.Required;

    private (NoticeKind Kind, string Words)? PictureNotice => Picture switch
    {
        "saved" => (NoticeKind.Success, Text["Picture.Saved"]),
        "too-large" => (NoticeKind.Problem, Text.Format("Picture.TooLarge", AccountPictures.MaximumBytes / 1024, AccountPictures.MaximumSide)),
        "unknown" => (NoticeKind.Problem, Text["Picture.Unknown"]),
        _ => null,
    };

    /// <inheritdoc />
    protected override async Task LoadAsync(Guid sessionId)
    {
        _shown ??= await Profile.ShowAsync(Tenant.Required.Id, sessionId, UntilDisposed);
        if (_shown is null)
        {
            Leave();
        }
        else if (HttpContext is { Request.HasFormContentType: true } context && HttpMethods.IsPost(context.Request.Method))
        {
            Input.Take(await context.Request.ReadFormAsync(UntilDisposed), Tenant.Required.Policy);
        }
        else
        {
            Input.Take(_shown);
        }
    }

    private Task SaveAsync() => RunAsync(async sessionId =>
    {
        _problems = await Profile.ChangeAsync(Tenant.Required.Id, sessionId, Input.ToChange(), Visit.Facts, UntilDisposed);
        if (_problems is null)
        {
            Leave();
        }
        else if (_problems.Count == 0)
        {
            // A page of its own: name and language stand in what the circuit was given at its start.
            var language = string.IsNullOrEmpty(Input.Language) ? "" : $"&ui_locales={Input.Language}";
            Navigation.NavigateTo($"account/profile?saved=true{language}", forceLoad: HttpContext is null);
        }
    });

    private string LabelOf(string label, bool isOptional) => isOptional ? Text.Format("Register.Optional", label) : label;

    private string? ProblemOf(string field) =>
        _problems?.FirstOrDefault(problem => problem.Field == field) is { } problem ? Text[$"Field.{problem.Kind}"] : null;
}
