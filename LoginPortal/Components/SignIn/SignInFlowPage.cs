using System.Globalization;
using LoginPortal.Components.Shared;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.SignIn;

/// <summary>
/// What a sign-in page does with its flow, whatever the flow asks for: finds it by the address, takes its steps, puts where it stands back into
/// the address, and hands over the session at its end.
/// </summary>
public abstract class SignInFlowPage : PortalPage
{
    private SignInView? _shown;
    private IReadOnlyList<PasswordProblem>? _problems;
    private bool _expired;
    private bool _isFlowShown;
    private string? _shownFlow;

    /// <summary>Where the flow stands; restored in the circuit from the page that was served.</summary>
    [PersistentState]
    public SignInView? Shown { get => _shown; set => Restore(ref _shown, value); }

    /// <summary>What is wrong with the new password that was submitted; likewise restored.</summary>
    [PersistentState]
    public IReadOnlyList<PasswordProblem>? SubmittedProblems { get => _problems; set => Restore(ref _problems, value); }

    /// <summary>Whether the flow in the address is over; likewise restored.</summary>
    [PersistentState]
    public bool Expired { get => _expired; set => Restore(ref _expired, value); }

    [Inject]
    private SignInRunner Runner { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <summary>The ticket that the session's cookie is fetched with, once a circuit has signed in.</summary>
    protected string? HandoffTicket { get; private set; }

    /// <summary>Where it goes on then.</summary>
    protected string? HandoffReturnUrl { get; private set; }

    [SupplyParameterFromQuery(Name = "flow")]
    private string? Flow { get; set; }

    /// <summary>What is drawn in place of a flow, while an administrator tries another look; <see langword="null"/> everywhere else.</summary>
    [CascadingParameter]
    private protected SignInPreview? Preview { get; set; }

    /// <summary>The way of several that the person has chosen.</summary>
    [SupplyParameterFromQuery(Name = "way")]
    protected string? Way { get; set; }

    /// <summary>Where the person was going, as the address says.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")]
    protected string? ReturnTo { get; set; }

    /// <summary>Where the flow stands; at its beginning while there is none.</summary>
    protected SignInView View => _shown ?? Start(null);

    /// <summary>What is wrong with the new password that was submitted.</summary>
    protected IReadOnlyList<PasswordProblem> Problems => _problems ?? [];

    /// <summary>Looks at the flow in the address, where that is another than before.</summary>
    protected async Task ShowFlowAsync()
    {
        if (Preview is not null)
        {
            _shown = Preview.View;
            return;
        }

        // Parameters are set again and again, with the old address too while the browser is on its way to the new one.
        var isRestored = !_isFlowShown && _shown is not null;
        if (_isFlowShown && Flow == _shownFlow)
        {
            return;
        }

        (_isFlowShown, _shownFlow) = (true, Flow);
        if (isRestored)
        {
            return;
        }

        if (!Guid.TryParse(Flow, out var flowId))
        {
            // Back from the next step, or here for the first time, which needs no restoring.
            _shown = _shown?.Identifier is { } identifier ? Start(identifier) : null;
            _problems = null;
            _expired = Flow is not null;
        }
        else if (_shown?.FlowId != flowId)
        {
            Show(await Runner.ShowAsync(Tenant.Required.Id, Reference(flowId), UntilDisposed));
        }
    }

    /// <summary>Takes a step and shows where it leads.</summary>
    protected Task RunAsync(Func<Task<SignInOutcome>> step) => OnceAsync(async () =>
    {
        var outcome = await step();
        Forget();
        if (outcome is SignInOutcome.Completed completed)
        {
            await CompleteAsync(completed);
        }
        else
        {
            Show(outcome);
            GoToFlow();
        }
    });

    /// <summary>Starts a flow with its first step.</summary>
    protected Task<SignInOutcome> BeginAsync(StepInput input) =>
        Runner.BeginAsync(Tenant.Required.Id, Visit.State.BindingHash!, ReturnTo, input, Visit.Facts, UntilDisposed);

    /// <summary>Takes a step of the flow.</summary>
    protected Task<SignInOutcome> AdvanceAsync(StepInput input) =>
        Runner.AdvanceAsync(Tenant.Required.Id, Reference(View.FlowId), input, Visit.Facts, UntilDisposed);

    /// <summary>Takes the next step at once, if the one before was accepted.</summary>
    protected async Task<SignInOutcome> GoOnAsync(SignInOutcome outcome, StepInput input)
    {
        if (outcome is not SignInOutcome.Continue(var view))
        {
            return outcome;
        }

        _shown = view;
        return await AdvanceAsync(input);
    }

    /// <summary>Drops what was typed and must not stay, once a step has been taken.</summary>
    protected abstract void Forget();

    private void Show(SignInOutcome outcome)
    {
        (_shown, _problems, _expired) = outcome switch
        {
            SignInOutcome.Continue(var view) => (view, null, false),
            SignInOutcome.Rejected(var view, var problems) => (view, problems, false),
            SignInOutcome.Throttled(var view, _) => (view, null, false),
            SignInOutcome.Expired(var identifier) => (Start(identifier), null, true),
            _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not shown."),
        };
    }

    /// <summary>
    /// Puts the flow into the address. After a post this is the redirect that makes a reload harmless; what is not stored with
    /// the flow is shown in answer to the post itself.
    /// </summary>
    private void GoToFlow()
    {
        var isStored = View.FlowId != Guid.Empty && Problems.Count == 0 && View.RecoveryCodes is null && View.Rejection != RejectionCode.Busy;
        var address = $"sign-in?flow={View.FlowId}{(Way is null ? "" : $"&way={Uri.EscapeDataString(Way)}")}";
        if (isStored && (HttpContext is not null || Navigation.ToBaseRelativePath(Navigation.Uri) != address))
        {
            Navigation.NavigateTo(address);
        }
        else if (HttpContext is { } context && View.Rejection == RejectionCode.Busy)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            SayWhenToComeBack(context);
        }
    }

    /// <summary>Tells programs, too, how long to wait.</summary>
    protected void SayWhenToComeBack(HttpContext context)
    {
        if (View.RetryAt is { } retryAt && retryAt > Time.GetUtcNow())
        {
            context.Response.Headers.RetryAfter = Math.Ceiling((retryAt - Time.GetUtcNow()).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task CompleteAsync(SignInOutcome.Completed completed)
    {
        if (HttpContext is null)
        {
            HandoffTicket = completed.HandoffTicket;
            HandoffReturnUrl = completed.ReturnUrl;
            return;
        }

        var handoff = HttpContext.RequestServices.GetRequiredService<SessionHandoff>();
        if (await handoff.RedeemAsync(HttpContext, completed.HandoffTicket, completed.ReturnUrl, UntilDisposed) is { } next)
        {
            Navigation.NavigateTo(SessionHandoff.DestinationOf(next));
        }
        else
        {
            Show(new SignInOutcome.Expired(View.Identifier));
        }
    }

    private FlowReference Reference(Guid flowId) => new(flowId, Visit.State.BindingHash!);

    private SignInView Start(string? identifier) =>
        new(Guid.Empty, SignInState.Identify, identifier, Rejection: null, RetryAt: null, ReturnTo);
}
