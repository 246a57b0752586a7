using System.Security.Claims;
using LoginPortal.Circuits;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Tests.Components;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Http;

namespace LoginPortal.Tests.Http;

/// <summary>What a circuit knows of its browser is what the request that opened it said, and its page has to be of the tenant in that request's address.</summary>
public sealed class CircuitOpeningTests
{
    private static readonly TenantProfile Acme = ProfileOf("acme");
    private static readonly TenantProfile Globex = ProfileOf("globex");
    private static readonly VisitState Browser = new("binding", "trusted", "192.0.2.1", "Test");
    private static readonly AntiforgeryRequestToken Token = new("token", "field");

    [Fact]
    public async Task Circuit_OfAPageOfTheTenantInItsAddress_KnowsTenantAndBrowser()
    {
        await new CircuitOpening(Browser, Acme, Token).RunAsync(async () =>
        {
            var (visit, tenant, tokens) = (new PortalVisit(), new TenantContext(), new FormTokens(new NoRequest()));
            visit.Page = new VisitedPage(Acme.Id, "de");

            await OpenAsync(visit, tenant, new TestAuthentication());

            Assert.Same(Acme, tenant.Current);
            Assert.Equal((Browser, "de"), (visit.State, visit.Culture.Name));
            Assert.Same(Token, tokens.GetAntiforgeryToken());
        });

        Assert.Null(CircuitOpening.Current);
        Assert.Equal(VisitState.Unknown, new PortalVisit().State);
    }

    [Fact]
    public Task Circuit_OfAnotherTenantsPage_IsRefused() => RefusesAsync(new CircuitOpening(Browser, Globex, Token), new TestAuthentication());

    [Fact]
    public Task Circuit_OfAPersonOfAnotherTenant_IsRefused()
    {
        var person = new TestAuthentication();
        person.Become(new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionClaims.TenantId, Globex.Id.ToString())], "test")));
        return RefusesAsync(new CircuitOpening(Browser, Acme, Token), person);
    }

    [Fact]
    public async Task Circuit_OpenedByNoRequest_IsRefused()
    {
        var (visit, tenant) = (new PortalVisit { Page = new VisitedPage(Acme.Id, "en") }, new TenantContext());

        await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(visit, tenant, new TestAuthentication()));
        Assert.Null(tenant.Current);
    }

    private static Task RefusesAsync(CircuitOpening opening, AuthenticationStateProvider person) => opening.RunAsync(async () =>
    {
        var (visit, tenant) = (new PortalVisit { Page = new VisitedPage(Acme.Id, "en") }, new TenantContext());

        await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(visit, tenant, person));
        Assert.Null(tenant.Current);
    });

    private static Task OpenAsync(PortalVisit visit, TenantContext tenant, AuthenticationStateProvider person) =>
        new TenantCircuitHandler(visit, tenant, person).OnCircuitOpenedAsync(circuit: null!, CancellationToken.None);

    private static TenantProfile ProfileOf(string slug) =>
        new(Guid.CreateVersion7(), slug, slug, new TenantPolicy(), Guid.Empty, Core.Tenants.Branding.Default, PrimaryHost: null);

    /// <summary>In a circuit there is none to make a token for.</summary>
    private sealed class NoRequest : IAntiforgery
    {
        public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => throw new NotSupportedException();

        public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => throw new NotSupportedException();

        public Task<bool> IsRequestValidAsync(HttpContext httpContext) => throw new NotSupportedException();

        public void SetCookieTokenAndHeader(HttpContext httpContext) => throw new NotSupportedException();

        public Task ValidateRequestAsync(HttpContext httpContext) => throw new NotSupportedException();
    }
}
