using System.Security.Claims;
using Bunit;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Components;

/// <summary>A component by itself, on the page of a tenant, in a circuit unless the test says otherwise.</summary>
public abstract class ComponentTests : BunitContext
{
    /// <param name="configure">Adds what the component asks for beside the usual; once a component can be drawn it is too late.</param>
    protected ComponentTests(Action<IServiceCollection>? configure = null)
    {
        // Only a test that fails waits for so long.
        DefaultWaitTimeout = TimeSpan.FromSeconds(30);
        Visit = new PortalVisit { State = new VisitState("binding", null, "192.0.2.1", null), Page = new VisitedPage(null, "en") };
        Services.AddSingleton(_ => Time);
        Services.AddSingleton(Visit);
        Services.AddSingleton(Tenant);
        Services.AddSingleton(new PortalText(Visit, Tenant));
        Services.AddSingleton(new PasswordRules(new PasswordBlocklist(), Clock));
        Services.AddSingleton<AntiforgeryStateProvider>(new NoAntiforgery());
        Services.AddSingleton<AuthenticationStateProvider>(Person);
        Services.AddSingleton(_ => Runner);
        configure?.Invoke(Services);
        BecomeInteractive(true);
    }

    /// <summary>What components are told the time by.</summary>
    protected virtual TimeProvider Time => Clock;

    /// <summary>For tests that sign in.</summary>
    protected virtual SignInRunner Runner => throw new NotSupportedException("This test has no Core.");

    protected TestClock Clock { get; } = new();

    protected PortalVisit Visit { get; }

    protected TenantContext Tenant { get; } = new();

    internal TestAuthentication Person { get; } = new();

    protected void Enter(TenantPolicy? policy = null, Core.Tenants.Branding? branding = null) => Tenant.Set(new TenantProfile(
        Guid.CreateVersion7(), "acme", "Acme", policy ?? new TenantPolicy(), Guid.Empty, branding ?? Core.Tenants.Branding.Default, PrimaryHost: null));

    protected void BecomeInteractive(bool interactive) => SetRendererInfo(new RendererInfo(interactive ? "Server" : "Static", interactive));

    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => new("token", "__RequestVerificationToken");
    }
}

/// <summary>Says who is signed in, and tells of it when that changes.</summary>
internal sealed class TestAuthentication : AuthenticationStateProvider
{
    private ClaimsPrincipal _user = new(new ClaimsIdentity());

    public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(_user));

    public void Become(ClaimsPrincipal? user)
    {
        _user = user ?? new ClaimsPrincipal(new ClaimsIdentity());
        NotifyAuthenticationStateChanged(GetAuthenticationStateAsync());
    }
}
