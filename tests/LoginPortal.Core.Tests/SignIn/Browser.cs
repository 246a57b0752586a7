using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SignIn;

/// <summary>Somebody at a browser: one binding cookie, one tenant, one node.</summary>
internal sealed class Browser(CoreHost host, TenantProfile tenant)
{
    public static readonly RequestFacts Facts = new(
        "203.0.113.7", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0");

    public string BindingHash { get; init; } = Secret.Hash(Secret.Create());

    /// <summary>The flow under way.</summary>
    public Guid FlowId { get; set; }

    private SignInRunner Runner => host.Services.GetRequiredService<SignInRunner>();

    /// <summary>The same browser with its cookie and its flow, on another node or at another tenant.</summary>
    public Browser At(CoreHost otherHost, TenantProfile otherTenant) =>
        new(otherHost, otherTenant) { BindingHash = BindingHash, FlowId = FlowId };

    /// <summary>Another browser that has got hold of the flow's address.</summary>
    public Browser Stranger() => new(host, tenant) { FlowId = FlowId };

    public async Task<SignInOutcome> IdentifyAsync(string? address, string? returnUrl = null, bool isStepUp = false)
    {
        var outcome = await Runner.BeginAsync(
            tenant.Id, BindingHash, returnUrl, new StepInput.Identify(address, isStepUp), Facts, CancellationToken.None);
        if (outcome is SignInOutcome.Continue(var view))
        {
            FlowId = view.FlowId;
        }

        return outcome;
    }

    public Task<SignInOutcome> AdvanceAsync(StepInput input) =>
        Runner.AdvanceAsync(tenant.Id, new FlowReference(FlowId, BindingHash), input, Facts, CancellationToken.None);

    public Task<SignInOutcome> PasswordAsync(string? password, bool remember = false) =>
        AdvanceAsync(new StepInput.Password(password, remember));

    public Task<SignInOutcome> NewPasswordAsync(string? password) => AdvanceAsync(new StepInput.NewPassword(password));

    public Task<SignInOutcome> ShowAsync() =>
        Runner.ShowAsync(tenant.Id, new FlowReference(FlowId, BindingHash), CancellationToken.None);

    /// <summary>Address, then password.</summary>
    public async Task<SignInOutcome> SignInAsync(string address, string password, bool remember = false)
    {
        await IdentifyAsync(address);
        return await PasswordAsync(password, remember);
    }
}
