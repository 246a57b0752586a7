using System.Globalization;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace LoginPortal.Components.Administration.Policy;

/// <summary>
/// The tenant's rules, all together. What they would mean is asked for a moment after each change and stands below the setting; nothing holds before it
/// is saved. Of two administrators the second sees what the first has changed, with the own changes still in the form.
/// </summary>
public sealed partial class PolicyPage
{
    /// <summary>How long nothing more must be changed before it is asked what it would mean.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private TenantSettingsView? _present;
    private PolicyInput? _input;
    private IReadOnlyList<SettingsProblem> _problems = [];
    private IReadOnlyList<string> _unreadable = [];
    private IReadOnlyList<PolicyConsequence> _consequences = [];
    private IReadOnlyList<AuditDifference>? _saved;
    private IReadOnlyList<AuditDifference>? _theirs;
    private ITimer? _timer;
    private string? _leaveTo;
    private bool _isDirty;
    private bool _isRefused;
    private bool _mayLeave;
    private int _forecasts;

    [Inject]
    private TenantSettings Settings { get; set; } = default!;

    [Inject]
    private PolicyConsequences Consequences { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        if (TryTake(await Settings.ShowAsync(Session, UntilDisposed), out var view))
        {
            Take(view);
            await ForecastAsync();
        }
    }

    private void Take(TenantSettingsView view) => (_present, _input, _problems, _unreadable, _isDirty, _isRefused) = (view, new PolicyInput(view.Document), [], [], false, false);

    private string? ProblemOf(string field) => _unreadable.Contains(field)
        ? Text["Administration.Settings.NotANumber"]
        : _problems.FirstOrDefault(problem => problem.Field == field) is { } problem ? PolicyWords.Of(Text, problem) : null;

    private void Set(Func<TenantPolicy, TenantPolicy> change) => Change(() => _input!.Policy = change(_input.Policy));

    private void SetRegistration(Func<RegistrationPolicy, RegistrationPolicy> change) => Set(policy => policy with { Registration = change(policy.Registration) });

    private void SetDate(ChangeEventArgs change) => Set(policy => policy with
    {
        SecondFactorRequiredFrom = DateTimeOffset.TryParseExact((string?)change.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null,
    });

    private void Change(Action change)
    {
        change();
        (_isDirty, _saved) = (true, null);
        _timer ??= Time.CreateTimer(_ => _ = InvokeAsync(ForecastAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        StateHasChanged();
    }

    /// <summary>Of several answers on their way the newest counts.</summary>
    private async Task ForecastAsync()
    {
        if (_input is null || UntilDisposed.IsCancellationRequested)
        {
            return;
        }

        var number = ++_forecasts;
        var proposed = _input.Read(out var unreadable);
        if (TryTake(await Consequences.ForecastAsync(Session, proposed, UntilDisposed), out var forecast) && number == _forecasts)
        {
            (_problems, _unreadable, _consequences) = (forecast.Problems, unreadable, forecast.Consequences);
            _isRefused = _isRefused && _problems.Count + _unreadable.Count > 0;
        }

        StateHasChanged();
    }

    private void Discard()
    {
        Take(_present!);
        (_saved, _theirs) = (null, null);
        _timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Task SaveAsync() => OnceAsync(async () =>
    {
        var (mine, before) = (_input!.Read(out var unreadable), _present!);
        (_unreadable, _saved, _theirs) = (unreadable, null, null);
        _isRefused = unreadable.Count > 0;
        if (_isRefused || !TryTake(await Settings.ChangeAsync(Session, _ => mine, before.Version, UntilDisposed), out var result))
        {
            return;
        }

        switch (result)
        {
            case SettingsResult.Saved(var view):
                Take(view);
                _saved = AuditDifference.Between(before.Document, view.Document);
                break;
            case SettingsResult.Refused(var problems):
                (_problems, _isRefused) = (problems, true);
                break;
            case SettingsResult.ChangedMeanwhile(var view):
                Take(view);
                _input = new PolicyInput(DocumentMerge.Merge(before.Document, mine, view.Document));
                (_theirs, _isDirty) = (AuditDifference.Between(before.Document, view.Document), true);
                break;
        }

        await ForecastAsync();
    });

    /// <summary>A link does not throw away in silence what has not been saved.</summary>
    private Task StayAsync(LocationChangingContext context)
    {
        if (_isDirty && !_mayLeave && Refusal is null)
        {
            context.PreventNavigation();
            _leaveTo = context.TargetLocation;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private void Leave()
    {
        _mayLeave = true;
        Navigation.NavigateTo(_leaveTo!);
    }

    private static IReadOnlyList<T> With<T>(IReadOnlyList<T> values, T value, bool isThere) =>
        isThere ? [.. values.Except([value]), value] : [.. values.Where(other => !EqualityComparer<T>.Default.Equals(other, value))];
}
