using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.SignIn;

/// <summary>One tenant and one person, and a browser in front of them.</summary>
public abstract class SignInTestBase(DatabaseProvider provider) : DatabaseTests(provider)
{
    protected const string Address = "ada@acme.example";
    protected const string RightPassword = "blue-kettle-walks-at-noon";
    protected const string WrongPassword = "green-kettle-sleeps-at-dawn";
    protected const string OtherPassword = "seven-lamps-beside-the-harbour";

    protected TenantProfile Tenant { get; private set; } = null!;

    private protected Browser NewBrowser() => new(Host, Tenant);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Tenant = await Host.CreateTenantAsync("acme");
    }

    protected static RejectionCode? RejectionOf(SignInOutcome outcome) => Assert.IsType<SignInOutcome.Rejected>(outcome).Flow.Rejection;

    protected static SignInState StateOf(SignInOutcome outcome) => Assert.IsType<SignInOutcome.Continue>(outcome).Flow.State;
}
