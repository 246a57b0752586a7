using LoginPortal.Core.Passkeys;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.SignIn;

/// <content>Passkeys: alone, and as the second factor of a handle.</content>
public sealed partial class ApiSignIn
{
    /// <summary>Starts signing in with a passkey alone.</summary>
    /// <param name="tenantId">The tenant; <see langword="null"/> if none could be found, which is answered as an address that nobody has.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="address">The address, well formed, whose passkeys are listed; <see langword="null"/> to take whatever passkey there is.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> if the tenant has no passkeys.</returns>
    public async Task<PasskeyOptions?> BeginPasskeyAsync(
        Guid? tenantId, string contract, string? address, RequestFacts facts, CancellationToken cancellationToken)
    {
        var binding = BindingOf(contract);
        if (address is null)
        {
            return tenantId is { } known ? await ceremonies.BeginAsync(known, binding, flowId: null, cancellationToken) : null;
        }

        var (tenant, identifier) = await NameAsync(tenantId, address, cancellationToken);
        return await runner.BeginAsync(tenant, binding, returnUrl: null, new StepInput.Identify(identifier), facts, cancellationToken)
            is SignInOutcome.Continue(var view)
                ? await ceremonies.BeginAsync(tenant, binding, view.FlowId, cancellationToken)
                : null;
    }

    /// <summary>Signs in with what a passkey answered.</summary>
    /// <param name="tenantId">The tenant that the request names; <see langword="null"/> where the ceremony alone says it.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="userId">Whose passkeys were listed; <see langword="null"/> if it does not matter.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApiSignInOutcome> CompletePasskeyAsync(
        Guid? tenantId, string contract, Guid? userId, PasskeyAnswer answer, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var binding = BindingOf(contract);
        if (sealedCeremonies.Read(answer.Ceremony) is not { Purpose: PasskeyPurpose.SignIn } ceremony
            || ceremony.BindingHash != binding
            || (tenantId is { } named && named != ceremony.TenantId)
            || (userId is { } person && person != ceremony.ExpectedUserId))
        {
            return new ApiSignInOutcome.Refused(RejectionCode.PasskeyCeremonyEnded);
        }

        var input = new StepInput.Passkey(answer, Remember: false, TrustDevice: false);
        var flow = new FlowReference(ceremony.ContextId, binding);
        var outcome = ceremony.ContextId == Guid.Empty
            ? await runner.BeginAsync(ceremony.TenantId, binding, returnUrl: null, input, facts, cancellationToken)
            : await runner.AdvanceAsync(ceremony.TenantId, flow, input, facts, cancellationToken);
        if (outcome is SignInOutcome.Continue(var view))
        {
            flow = flow with { Id = view.FlowId };
        }

        return await DescribeAsync(
            new Call(ceremony.TenantId, contract, flow, Handle: null, FetchesLater: false, facts), outcome, codes: null, cancellationToken);
    }

    /// <summary>Starts the passkey that a handle's sign-in can take now: as its second factor, or a new one where it owes setting one up.</summary>
    /// <returns><see langword="null"/> if the handle does not work, or its sign-in takes none.</returns>
    public Task<PasskeyOptions?> BeginPasskeyAsync(HandleReference reference, CancellationToken cancellationToken) =>
        BeginPasskeyAsync(reference, PasskeyKind.Any, cancellationToken);

    /// <summary>The same, where what a new passkey must be matters.</summary>
    public async Task<PasskeyOptions?> BeginPasskeyAsync(HandleReference reference, PasskeyKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FlowHandles>().FindAsync(reference, cancellationToken) is { IsComplete: false } row
            ? await ceremonies.BeginAsync(row.TenantId, BindingOf(row.Contract), row.FlowId, kind, cancellationToken)
            : null;
    }

    /// <summary>The tenant and address to try; where there is no tenant, such as cannot exist.</summary>
    private async Task<(Guid Tenant, string Identifier)> NameAsync(Guid? tenantId, string address, CancellationToken cancellationToken) =>
        tenantId is { } known
            ? (known, address)
            : (await FindDecoyTenantAsync(cancellationToken), $"x{AttemptReservations.SubjectOf(address)}@nobody.invalid");
}
