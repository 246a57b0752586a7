using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passwords;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Tests.Http;

/// <summary>More passwords than can be hashed.</summary>
public sealed class OverloadTests : PortalTests
{
    [Fact]
    public async Task Password_WithoutRoomToHashIt_IsRefusedAtOnceWhileOtherPagesAreServed()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var hasher = new CountingPasswordHasher(new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })));
        var portal = Start(new PortalSettings
        {
            Services = services => services
                .AddSingleton<IPasswordHasher<PortalUser>>(hasher)
                .Configure<PasswordHashingOptions>(options => (options.MaximumConcurrency, options.QueueLimit) = (1, 0)),
        });
        using var first = portal.OpenBrowser();
        using var second = portal.OpenBrowser();
        var underWay = await first.IdentifyAsync("acme", "admin@acme.example");
        var waiting = await second.IdentifyAsync("acme", "user@acme.example");
        hasher.BeforeVerification = () =>
        {
            entered.Release();
            release.Wait();
        };
        var signIn = Task.Run(() => first.EnterPasswordAsync(underWay, Portal.Password));
        Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));

        var refused = await second.EnterPasswordAsync(waiting, Portal.Password);
        var other = await second.GetAsync("/t/acme/forgot-password");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (refused.Status, refused.Header("Retry-After")));
        Assert.NotEmpty(refused.Text("#password-problem"));
        Assert.Equal(HttpStatusCode.OK, other.Status);

        release.Release(2);
        await signIn;
        Assert.True(await first.IsSignedInAsync());
        await second.EnterPasswordAsync(refused, Portal.Password);
        Assert.True(await second.IsSignedInAsync());
    }
}
