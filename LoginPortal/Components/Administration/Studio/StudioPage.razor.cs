using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Administration.Studio;

/// <summary>
/// The tenant's look and words beside the real pages. What is changed is saved as a draft a moment later, one save after another, each from the
/// version before it: whoever else changes the draft meanwhile is not overwritten.
/// </summary>
public sealed partial class StudioPage
{
    /// <summary>How long nothing more must be changed before it is saved.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private BrandingStanding? _standing;
    private Core.Tenants.Branding _document = Core.Tenants.Branding.Default;
    private IReadOnlyList<BrandingProblem> _problems = [];
    private ITimer? _timer;
    private bool _isDirty;
    private bool _isSaving;
    private bool _isConflict;
    private bool _isPublished;
    private bool _asksToDiscard;

    [Inject]
    private BrandingStudio Studio { get; set; } = default!;

    [Inject]
    private BrandingAssets Uploads { get; set; } = default!;

    [Inject]
    private BrandingFiles Files { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private StudioEditor Editor => new(_document, _problems, Change, UploadAsync);

    private bool CanPublish => _standing is { Version: > 0 } && _problems.Count == 0 && !_isDirty && !_isSaving && !_isConflict;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        if (TryTake(await Studio.ShowAsync(Session, UntilDisposed), out var standing))
        {
            Take(standing);
        }
    }

    private BrandingProblem? ProblemOf(string path) => _problems.FirstOrDefault(problem => problem.Path == path);

    private void Change(Func<Core.Tenants.Branding, Core.Tenants.Branding> change)
    {
        _document = change(_document);
        (_isDirty, _isPublished) = (true, false);
        _timer ??= Time.CreateTimer(_ => _ = InvokeAsync(SaveAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        StateHasChanged();
    }

    private async Task<AssetResult?> UploadAsync(ReadOnlyMemory<byte> content, AssetUse use) =>
        TryTake(await Uploads.UploadAsync(Session, content, use, UntilDisposed), out var result) ? result : null;

    private async Task<BrandingFileResult?> ReadFileAsync(ReadOnlyMemory<byte> content) =>
        TryTake(await Files.ReadAsync(Session, content, UntilDisposed), out var result) ? result : null;

    private async Task SaveAsync()
    {
        if (_isSaving || !_isDirty || _isConflict || UntilDisposed.IsCancellationRequested)
        {
            return;
        }

        _isSaving = true;
        StateHasChanged();
        try
        {
            while (_isDirty && !_isConflict)
            {
                _isDirty = false;
                Settle(await Studio.SaveAsync(Session, _document, _standing!.Version, UntilDisposed), keepsDocument: true);
            }
        }
        finally
        {
            _isSaving = false;
            StateHasChanged();
        }
    }

    private Task DiscardAsync() => OnceAsync(async () =>
    {
        _asksToDiscard = false;
        Settle(await Studio.DiscardAsync(Session, _standing!.Version, UntilDisposed), keepsDocument: false);
    });

    private Task PublishAsync() => OnceAsync(async () =>
    {
        Settle(await Studio.PublishAsync(Session, _standing!.Version, _standing.LiveRevisionId, UntilDisposed), keepsDocument: false);
        _isPublished = !_isConflict && _standing is { Version: 0 };
    });

    /// <summary>Goes on from what somebody else has saved, or over it.</summary>
    private async Task ResolveAsync(bool keepsMine)
    {
        _isConflict = false;
        if (keepsMine)
        {
            _isDirty = true;
            await SaveAsync();
        }
        else
        {
            Take(_standing!);
        }
    }

    private void Settle(AdministrationResult<BrandingChange> result, bool keepsDocument)
    {
        if (!TryTake(result, out var change))
        {
            return;
        }

        switch (change)
        {
            case BrandingChange.Done(var standing) when keepsDocument:
                (_standing, _problems) = (standing, standing.Problems);
                break;
            case BrandingChange.Done(var standing):
                Take(standing);
                break;
            case BrandingChange.Conflict(var standing):
                (_standing, _isConflict) = (standing, true);
                break;
            case BrandingChange.Invalid(var problems):
                _problems = problems;
                break;
        }
    }

    private void Take(BrandingStanding standing) => (_standing, _document, _problems, _isDirty) = (standing, standing.Document, standing.Problems, false);

    private void ChangePalette(bool isDark, Func<BrandPalette, BrandPalette> change) => Change(branding => isDark
        ? branding with { Dark = change(branding.Dark) }
        : branding with { Light = change(branding.Light) });

    private void ChangeFooter(string language, string? text) => Change(branding =>
    {
        var footers = branding.MailFooter.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        footers.Remove(language);
        if (text is not null)
        {
            footers[language] = text;
        }

        return branding with { MailFooter = footers };
    });

    /// <summary>What is typed for a link: what is no address is kept as typed, and found wrong.</summary>
    private static Uri? LinkOf(string? text) => text is null ? null : Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var link) ? link : new Uri("", UriKind.Relative);
}
