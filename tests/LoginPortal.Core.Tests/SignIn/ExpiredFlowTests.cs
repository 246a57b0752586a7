using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class ExpiredFlowSqliteTests() : ExpiredFlowTests(DatabaseProvider.Sqlite);

public sealed class ExpiredFlowPostgreSqlTests() : ExpiredFlowTests(DatabaseProvider.PostgreSql);

public abstract class ExpiredFlowTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    private static readonly string?[] MalformedAddresses =
    [
        null, "", " ", "ada", "ada@", "@acme.example", "ada@@acme.example", "ada@acme..example", "ada@-acme.example", "a da@acme.example",
        "ada@acme example", "Ada <ada@acme.example>", "ada@acme.example,grace@acme.example", "ada@acme.example; grace@acme.example",
        "\uD800ada@acme.example", "ada\uDC00@acme.example", "ada@acme\uD83D.example", "ada\u0000@acme.example", "ada\n@acme.example",
        "ada@acme.example\r\nBcc: grace@acme.example", "ada\u0085@acme.example", "ada\u2028@acme.example",
        "ada@[127.0.0.1]", "ada@127.0.0.1", new string('a', 300 - "@acme.example".Length) + "@acme.example",
        new string('a', 255 - "@acme.example".Length) + "@acme.example",
    ];

    private static readonly SignInOutcome.Expired WithoutAddress = new((string?)null);

    private static readonly SignInOutcome.Expired WithAddress = new(Address);

    [Fact]
    public async Task Advance_AfterThirtyMinutes_ExpiresWithTheAddress()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Clock.Advance(SignInFlow.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.IsType<SignInOutcome.Continue>(await browser.ShowAsync());
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(WithAddress, await browser.ShowAsync());
        Assert.Equal(WithAddress, await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Advance_AfterCompletion_ExpiresWithTheAddress()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);

        Assert.Equal(WithAddress, await browser.ShowAsync());
        Assert.Equal(WithAddress, await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Advance_OtherBrowser_ExpiresWithoutTheAddressAndTouchesNothing()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(WithoutAddress, await browser.Stranger().ShowAsync());
        Assert.Equal(WithoutAddress, await browser.Stranger().PasswordAsync(RightPassword));

        Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Advance_OtherTenant_ExpiresWithoutTheAddress()
    {
        var globex = await Host.CreateTenantAsync("globex");
        await Host.CreateUserAsync(globex, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(WithoutAddress, await browser.At(Host, globex).ShowAsync());
        Assert.Equal(WithoutAddress, await browser.At(Host, globex).PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Advance_UnknownFlow_ExpiresWithoutAnAddress()
    {
        var browser = NewBrowser();
        browser.FlowId = Guid.CreateVersion7(Clock.GetUtcNow());

        Assert.Equal(WithoutAddress, await browser.ShowAsync());
        Assert.Equal(WithoutAddress, await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Advance_TenantSuspendedMeanwhile_Expires()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Database.Tenants.ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, TenantStatus.Suspended));
        }

        Assert.Equal(WithoutAddress, await browser.ShowAsync());
        Assert.Equal(WithoutAddress, await browser.PasswordAsync(RightPassword));
        Assert.Equal(WithoutAddress, await browser.IdentifyAsync(Address));
    }

    [Fact]
    public async Task Identify_MalformedAddress_IsRefusedAndLeavesNoRow()
    {
        foreach (var address in MalformedAddresses)
        {
            var rejected = Assert.IsType<SignInOutcome.Rejected>(await NewBrowser().IdentifyAsync(address));
            Assert.Equal((RejectionCode.AddressMalformed, Guid.Empty), (rejected.Flow.Rejection, rejected.Flow.FlowId));
        }

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.Flows.ToListAsync());
    }

    [Fact]
    public async Task Identify_LongestAddress_IsAccepted()
    {
        var address = new string('a', 254 - "@acme.example".Length) + "@acme.example";

        Assert.IsType<SignInOutcome.Continue>(await NewBrowser().IdentifyAsync(address));
    }
}
