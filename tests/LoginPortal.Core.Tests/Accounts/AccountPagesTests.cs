using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Core.TrustedDevices;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class AccountPagesSqliteTests() : AccountPagesTests(DatabaseProvider.Sqlite);

public sealed class AccountPagesPostgreSqlTests() : AccountPagesTests(DatabaseProvider.PostgreSql);

/// <summary>What a person sees and does on the pages of their own account.</summary>
public abstract class AccountPagesTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task Devices_OthersEnded_LeavesThisOneAndTellsThePerson()
    {
        await GivenAsync();
        var devices = Host.Services.GetRequiredService<AccountDevices>();
        var (first, second, present) = (await SignedInAsync(), await SignedInAsync(), await SignedInAsync());

        var shown = (await devices.ShowAsync(Tenant.Id, present, CancellationToken.None))!;
        Assert.Equal((3, present, true), (shown.Count, shown[0].SessionId, shown[0].IsThis));
        Assert.Equal(2, (await devices.EndAsync(Tenant.Id, present, first, Browser.Facts, CancellationToken.None))!.Count);
        Assert.Single((await devices.EndOthersAsync(Tenant.Id, present, Browser.Facts, CancellationToken.None))!);

        Assert.Null(await devices.ShowAsync(Tenant.Id, second, CancellationToken.None));
        Assert.Equal("Devices were signed out", (await Host.Services.ReadMailsAsync(Address))[^1].Subject);
        Assert.Equal(2, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.SessionEnded)));
    }

    [Fact]
    public async Task Everything_WithASessionOfAnotherTenantOrPerson_ShowsAndDoesNothing()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var globex = await Host.CreateTenantAsync("globex");
        var stranger = await SignInAsync(await Host.CreateUserAsync(Tenant, "stranger@acme.example", OtherPassword));
        var anEvent = Guid.CreateVersion7();
        var services = Host.Services;

        Assert.Null(await services.GetRequiredService<AccountOverviews>().ShowAsync(globex.Id, session, CancellationToken.None));
        Assert.Null(await services.GetRequiredService<AccountProfile>().ShowAsync(globex.Id, session, CancellationToken.None));
        Assert.Null(await services.GetRequiredService<AccountPassword>().ShowAsync(globex.Id, session, CancellationToken.None));
        Assert.Null(await services.GetRequiredService<AccountDevices>().ShowAsync(globex.Id, session, CancellationToken.None));
        Assert.Null(await services.GetRequiredService<AccountActivity>().ShowAsync(globex.Id, session, before: null, CancellationToken.None));
        Assert.Null(await services.GetRequiredService<AccountPictures>().SetAsync(globex.Id, session, Png(64, 64), Browser.Facts, CancellationToken.None));
        Assert.Single((await services.GetRequiredService<AccountDevices>().EndAsync(Tenant.Id, stranger, session, Browser.Facts, CancellationToken.None))!);
        Assert.False(await services.GetRequiredService<AccountActivity>().ReportAsync(Tenant.Id, stranger, anEvent, Browser.Facts, CancellationToken.None));
        Assert.True(await IsLiveAsync(session));
    }

    [Fact]
    public async Task Password_Changed_KeepsThisSessionWithItsCookieAndEndsTheOthers()
    {
        await GivenAsync();
        var (present, other, token) = (await SignedInAsync(), await SignedInAsync(), Secret.Create());
        await ReadAsync(database => database.Sessions.Where(s => s.Id == present)
            .ExecuteUpdateAsync(update => update.SetProperty(s => s.TokenHash, Secret.Hash(token))));
        var passwords = Host.Services.GetRequiredService<AccountPassword>();

        Assert.IsType<OwnPasswordResult.PresentIsWrong>(
            await passwords.ChangeAsync(Tenant.Id, present, OtherPassword, OtherPassword, Browser.Facts, CancellationToken.None));
        Assert.IsType<OwnPasswordResult.NotAllowed>(
            await passwords.ChangeAsync(Tenant.Id, present, RightPassword, "short", Browser.Facts, CancellationToken.None));
        Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        Assert.IsType<OwnPasswordResult.Done>(
            await passwords.ChangeAsync(Tenant.Id, present, RightPassword, OtherPassword, Browser.Facts, CancellationToken.None));

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(present, (await scope.Services.GetRequiredService<SessionService>().FindAsync(token, CancellationToken.None))?.Id);
        Assert.False(await IsLiveAsync(other));
        Assert.Equal(Clock.GetUtcNow(), (await passwords.ShowAsync(Tenant.Id, present, CancellationToken.None))!.ChangedAt);
    }

    [Fact]
    public async Task Profile_Changed_IsNotedAndToldOnlyIfSomethingIsDifferent()
    {
        await GivenAsync(new TenantPolicy
        {
            CustomFields = [new CustomField("team", CustomFieldKind.Choice) { Labels = new Dictionary<string, string> { ["en"] = "Team" }, Choices = ["Chess"] }],
        });
        var session = await SignedInAsync();
        var change = new ProfileChange
        {
            GivenName = " Ada ", FamilyName = "", Language = "de", TimeZone = "Europe/Berlin", CustomFields = new Dictionary<string, string?> { ["team"] = "Chess" },
        };

        Assert.Equal(
            [new FieldProblem("time-zone", FieldProblemKind.Invalid), new FieldProblem("field-team", FieldProblemKind.Invalid)],
            await ChangeAsync(session, change with { TimeZone = "Mars/Olympus", CustomFields = new Dictionary<string, string?> { ["team"] = "Golf" } }));
        Assert.Empty((await ChangeAsync(session, change))!);
        Assert.Empty((await ChangeAsync(session, change))!);

        var shown = (await Host.Services.GetRequiredService<AccountProfile>().ShowAsync(Tenant.Id, session, CancellationToken.None))!;
        Assert.Equal(("Ada", "", "de", "Europe/Berlin", "Chess"), (shown.GivenName, shown.FamilyName, shown.Language, shown.TimeZone, shown.CustomFields["team"]));
        Assert.Equal("Ada", shown.PasskeyOwner.DisplayName);
        Assert.Single(await Host.Services.ReadMailsAsync(Address));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.ProfileChanged)));
        var device = Assert.Single((await Host.Services.GetRequiredService<AccountDevices>().ShowAsync(Tenant.Id, session, CancellationToken.None))!);
        Assert.Equal(TimeSpan.FromHours(1), device.FirstSeenAt.Offset);
    }

    [Fact]
    public async Task Activity_Reported_EndsEverythingThatAnIntruderCouldHoldAndTellsTheAdministrators()
    {
        await GivenAsync();
        await Host.CreateUserAsync(Tenant, "admin@acme.example", OtherPassword, user => user.Role = PortalRole.TenantAdministrator);
        await AddPasskeyAsync(1);
        Clock.Advance(TimeSpan.FromDays(1));
        var intruder = Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        await AddPasskeyAsync(2);
        await using (var scope = Host.OpenTenant(Tenant))
        {
            scope.Database.TrustedDevices.Add(new TrustedDevice
            {
                Id = Guid.NewGuid(), TenantId = Tenant.Id, UserId = User.Id, TokenHash = "device", DeviceLabel = "", CreatedAt = Clock.GetUtcNow(),
                LastUsedAt = Clock.GetUtcNow(), ExpiresAt = Clock.GetUtcNow().AddDays(30),
            });
            await scope.Database.SaveChangesAsync();
        }

        Clock.Advance(TimeSpan.FromMinutes(5));
        var session = await SignedInAsync();
        var activity = Host.Services.GetRequiredService<AccountActivity>();
        var shown = (await activity.ShowAsync(Tenant.Id, session, before: null, CancellationToken.None))!;
        var signIn = Assert.Single(shown.Events, happened => happened.Kind == SecurityEventKind.SignIn);

        Assert.True(await activity.ReportAsync(Tenant.Id, session, signIn.Id, Browser.Facts, CancellationToken.None));

        Assert.False(await IsLiveAsync(session));
        Assert.Equal(
            SessionEndReason.IncidentReported,
            await ReadAsync(database => database.Sessions.Where(s => s.Id == intruder.SessionId).Select(s => s.EndReason).SingleAsync()));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
        Assert.Equal(0, await ReadAsync(database => database.TrustedDevices.CountAsync()));
        Assert.Equal(1, Assert.Single(await ReadAsync(database => database.Passkeys.ToListAsync())).CredentialId[0]);
        Assert.Contains("203.0.113.7", Assert.Single(await Host.Services.ReadMailsAsync("admin@acme.example")).Text, StringComparison.Ordinal);
        var token = (await Host.Services.ReadMailsAsync(Address))[^1].Token;
        Assert.IsType<PasswordResetResult.Done>(await Host.Services.GetRequiredService<PasswordRecovery>()
            .ResetAsync(Tenant.Id, token, OtherPassword, Browser.Facts, CancellationToken.None));
    }

    [Fact]
    public async Task Activity_Long_IsShownInPages()
    {
        await GivenAsync();
        for (var number = 0; number < AccountActivity.PageSize + 5; number++)
        {
            await NewBrowser().SignInAsync(Address, RightPassword);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var session = await SignedInAsync();
        var activity = Host.Services.GetRequiredService<AccountActivity>();
        var first = (await activity.ShowAsync(Tenant.Id, session, before: null, CancellationToken.None))!;
        var second = (await activity.ShowAsync(Tenant.Id, session, first.Events[^1].Id, CancellationToken.None))!;

        Assert.Equal((AccountActivity.PageSize, true, 5, false), (first.Events.Count, first.HasMore, second.Events.Count, second.HasMore));
        Assert.True(first.Events[^1].OccurredAt > second.Events[0].OccurredAt);
    }

    [Fact]
    public async Task Picture_ByItsContent_IsTakenOrRefused()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var pictures = Host.Services.GetRequiredService<AccountPictures>();
        Task<PictureResult?> SetAsync(byte[] content) => pictures.SetAsync(Tenant.Id, session, content, Browser.Facts, CancellationToken.None);

        Assert.Equal(PictureResult.NoPicture, await SetAsync("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()));
        Assert.Equal(PictureResult.NoPicture, await SetAsync("GIF89a..............................................."u8.ToArray()));
        Assert.Equal(PictureResult.TooLarge, await SetAsync(Png(AccountPictures.MaximumSide + 1, 10)));
        Assert.Equal(PictureResult.TooLarge, await SetAsync([.. Png(64, 64), .. new byte[AccountPictures.MaximumBytes]]));
        Assert.Equal(PictureResult.Done, await SetAsync(Png(64, 64)));
        var first = await ReadAsync(database => database.ProfilePictures.SingleAsync());
        Assert.Equal(PictureResult.Done, await SetAsync(Png(65, 64)));
        var second = await ReadAsync(database => database.ProfilePictures.SingleAsync());

        Assert.Equal("image/png", first.ContentType);
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(PictureResult.Done, await pictures.RemoveAsync(Tenant.Id, session, Browser.Facts, CancellationToken.None));
        Assert.Equal(0, await ReadAsync(database => database.ProfilePictures.CountAsync()));
        Assert.Equal(3, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PictureChanged)));
    }

    [Fact]
    public async Task Overview_OfAccountsThatDiffer_AdvisesOneThing()
    {
        await GivenAsync();
        var overviews = Host.Services.GetRequiredService<AccountOverviews>();
        var session = await SignedInAsync();
        var bare = (await overviews.ShowAsync(Tenant.Id, session, CancellationToken.None))!;
        await AddPasskeyAsync(1);
        var keyed = (await overviews.ShowAsync(Tenant.Id, session, CancellationToken.None))!;
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.PasswordHash, (string?)null)));
        var keyOnly = (await overviews.ShowAsync(Tenant.Id, session, CancellationToken.None))!;

        Assert.Equal((AccountSafety.Basic, AccountAdvice.AddPasskey), (bare.Safety, bare.Advice));
        Assert.Equal((AccountSafety.Strong, AccountAdvice.Nothing), (keyed.Safety, keyed.Advice));
        Assert.Equal((AccountSafety.Good, AccountAdvice.AddSecondPasskey), (keyOnly.Safety, keyOnly.Advice));
        var policy = new TenantPolicy { AllowPasskeys = false };
        Assert.Equal(AccountAdvice.AddAuthenticator, AccountOverviews.Advise(bare, policy));
        Assert.Equal(AccountAdvice.ReplaceRecoveryCodes, AccountOverviews.Advise(bare with { IsSecondFactorAsked = true, RecoveryCodesLeft = 2 }, policy));
    }

    /// <summary>A PNG as far as its own head says.</summary>
    private static byte[] Png(int width, int height) =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height,
        8, 6, 0, 0, 0, .. new byte[16],
    ];

    private Task<IReadOnlyList<FieldProblem>?> ChangeAsync(Guid session, ProfileChange change) =>
        Host.Services.GetRequiredService<AccountProfile>().ChangeAsync(Tenant.Id, session, change, Browser.Facts, CancellationToken.None);

    private async Task<Guid> SignInAsync(PortalUser user)
    {
        var session = await SignedInAsync();
        await ReadAsync(database => database.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(update => update.SetProperty(s => s.UserId, user.Id)));
        return session;
    }

    private async Task<bool> IsLiveAsync(Guid session)
    {
        await using var scope = Host.OpenTenant(Tenant);
        return await scope.Services.GetRequiredService<SessionService>().IsLiveAsync(session, CancellationToken.None);
    }

    private async Task AddPasskeyAsync(byte credential)
    {
        await using var scope = Host.OpenTenant(Tenant);
        scope.Database.Passkeys.Add(new Passkey
        {
            Id = Guid.NewGuid(), TenantId = Tenant.Id, UserId = User.Id, CredentialId = [credential], PublicKey = [1], SignCount = 0, Transports = [],
            Aaguid = Guid.Empty, Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = false, IsBackedUp = false,
            CreatedAt = Clock.GetUtcNow(),
        });
        await scope.Database.SaveChangesAsync();
    }
}
