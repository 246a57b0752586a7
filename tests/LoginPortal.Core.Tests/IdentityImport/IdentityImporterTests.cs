using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.IdentityImport;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.Passkeys;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.IdentityImport;

/// <summary>With what is the same whatever the engine is.</summary>
public sealed class IdentityImporterSqliteTests() : IdentityImporterTests(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task Import_OfOldHashes_RenewsThemAtSignIn()
    {
        await Source.AddAsync("v2@acme.example", null, user => user.PasswordHash = IdentityDatabase.HashOfVersion2(OldPassword));
        await Source.AddAsync("v3@acme.example", OldPassword);
        await ImportAsync();

        // What the product hashes with is what it renews to.
        var host = AddHost(builder => builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 110_000));
        foreach (var address in (string[])["v2@acme.example", "v3@acme.example"])
        {
            var before = PasswordHash.Read((await FindAsync(address)).PasswordHash)!;
            Assert.IsType<SignInOutcome.Completed>(await NewBrowser(host).SignInAsync(address, OldPassword));
            var after = PasswordHash.Read((await FindAsync(address)).PasswordHash)!;
            Assert.True(before.Iterations < 110_000);
            Assert.Equal((3, "SHA512", 110_000), (after.Version, after.Function.Name, after.Iterations));
        }
    }

    [Fact]
    public async Task Import_OfAPasswordThatWasHashedAsTyped_IsAcceptedAsTypedAndRenewedInNfc()
    {
        var decomposed = "Cafe\u0301-au-Lait-1";
        await Source.AddAsync("nfd@acme.example", decomposed);
        await ImportAsync();

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync("nfd@acme.example", "Caf\u00E9-au-Lait-2")));
        var host = AddHost(builder => builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 110_000));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser(host).SignInAsync("nfd@acme.example", decomposed));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser(host).SignInAsync("nfd@acme.example", "Caf\u00E9-au-Lait-1"));
    }

    [Fact]
    public async Task Import_IntoASecondTenant_GivesOtherIdentifiersAndChangesNobody()
    {
        var old = await Source.AddAsync("grace@acme.example", OldPassword);
        await ImportAsync();
        var other = await Host.CreateTenantAsync("globex");

        Assert.Equal(1, (await ImportAsync(slug: "globex")).Of(IdentityImportFinding.Imported));
        Assert.Equal(1, (await ImportAsync(slug: "globex")).Of(IdentityImportFinding.AlreadyImported));

        await using var scope = Host.OpenTenant(other);
        Assert.NotEqual(Guid.Parse(old.Id), (await scope.Database.Users.SingleAsync()).Id);
        Assert.Equal(Tenant.Id, (await FindAsync("grace@acme.example")).TenantId);
    }

    [Fact]
    public async Task WrongPassword_OfAnImportedCheapHash_TakesAsLongAsOfNobody()
    {
        await Source.AddAsync("v2@acme.example", null, user => user.PasswordHash = IdentityDatabase.HashOfVersion2(OldPassword));
        await ImportAsync();
        var host = AddHost(cheapHashing: false);
        var hashing = host.Services.GetRequiredService<PasswordHashing>();
        var hash = (await FindAsync("v2@acme.example")).PasswordHash;
        await TimeAsync(null);

        // A comparison of the bare hash would take a two hundredth of the time.
        Assert.True(await TimeAsync(hash) > 0.4 * await TimeAsync(null));

        async Task<double> TimeAsync(string? stored)
        {
            var watch = Stopwatch.StartNew();
            await hashing.CompareAsync(stored, "wrong-password-of-somebody", CancellationToken.None);
            return watch.Elapsed.TotalMilliseconds;
        }
    }
}

public sealed class IdentityImporterPostgreSqlTests() : IdentityImporterTests(DatabaseProvider.PostgreSql);

public abstract class IdentityImporterTests(DatabaseProvider provider) : PasskeyTestBase(provider)
{
    private protected const string OldPassword = "Correct-Horse-1";
    private readonly List<IdentityImportNote> _notes = [];
    private protected IdentityDatabase Source { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await GivenAsync();
        Source = await IdentityDatabase.CreateAsync(Database.Provider);
    }

    public override async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Import_OfAnAccountWithAnAuthenticator_SignsInWithPasswordCodeAndRecoveryCode()
    {
        var old = await Source.AddAsync("grace@acme.example", OldPassword);
        await Source.Users.ResetAuthenticatorKeyAsync(old);
        await Source.Users.SetTwoFactorEnabledAsync(old, true);
        var codes = (await Source.Users.GenerateNewTwoFactorRecoveryCodesAsync(old, 10))!.ToList();
        var seed = Decode((await Source.Users.GetAuthenticatorKeyAsync(old))!);

        var report = await ImportAsync();

        Assert.Equal((1, 1), (report.Total, report.Of(IdentityImportFinding.Imported)));
        var user = await FindAsync("grace@acme.example");
        Assert.Equal(Guid.Parse(old.Id), user.Id);
        var browser = NewBrowser();
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.SignInAsync("grace@acme.example", OldPassword)).State);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), TrustDevice: false)));
        browser = NewBrowser();
        await browser.SignInAsync("grace@acme.example", OldPassword);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCode(codes[3])));
        Assert.Equal(9, await ReadAsync(database => database.RecoveryCodes.CountAsync(code => code.UserId == user.Id)));
        Assert.DoesNotContain(await ReadAsync(database => database.Authenticators.ToListAsync()), a => a.ProtectedSeed.AsSpan().IndexOf(seed) >= 0);
    }

    [Fact]
    public async Task Import_OfEverythingThatCannotBeTaken_SaysSo()
    {
        await Source.Roles.CreateAsync(new IdentityRole("Admin"));
        await Source.Roles.CreateAsync(new IdentityRole("Editor"));
        var boss = await Source.AddAsync("boss@acme.example", OldPassword);
        await Source.Users.AddToRolesAsync(boss, ["Admin", "Editor"]);
        var external = await Source.AddAsync("external@acme.example", null);
        await Source.Users.AddLoginAsync(external, new UserLoginInfo("Google", "42", "Google"));
        await Source.AddAsync("unconfirmed@acme.example", OldPassword, user => user.EmailConfirmed = false);
        await Source.AddAsync("locked@acme.example", OldPassword, user => user.LockoutEnd = DateTimeOffset.MaxValue);
        await Source.AddAsync("waiting@acme.example", OldPassword, user => user.LockoutEnd = Clock.GetUtcNow().AddMinutes(5));
        await Source.AddAsync(null, OldPassword);
        await Source.AddAsync("bcrypt@acme.example", null, user => user.PasswordHash = "$2b$12$abcdefghijklmnopqrstuuKVcZKt2bD8Y5k0Vn6yFqv1S0tJ5r6Zm");
        await Source.AddAsync("costly@acme.example", null, user => user.PasswordHash = Costly(2_000_000));
        await Source.AddAsync("dear@acme.example", null, user => user.PasswordHash = Costly(600_000));
        await Source.AddAsync(Address.ToUpperInvariant(), OldPassword);
        await Source.AddAsync("twin@acme.example", OldPassword);
        await Source.AddAsync("twin@acme.example", OldPassword, user => user.UserName = "other-name");
        var old = await Source.AddAsync("old@acme.example", OldPassword);
        await Source.Users.ResetAuthenticatorKeyAsync(old);
        await Source.Users.SetTwoFactorEnabledAsync(old, true);
        await Source.Users.SetAuthenticationTokenAsync(old, "[AspNetUserStore]", "RecoveryCodes", "1a2b3c4d;2b3c4d5e");

        var dry = await ImportAsync(isDryRun: true);
        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync()));
        var report = await ImportAsync(administrators: "admin");

        Assert.Equal(13, report.Total);
        Assert.Equal(report.Of(IdentityImportFinding.Imported), dry.Of(IdentityImportFinding.Imported));
        Assert.Equal(10, report.Of(IdentityImportFinding.Imported));
        Assert.Equal(2, report.Of(IdentityImportFinding.Duplicate));
        Assert.All(
            (IdentityImportFinding[])[
                IdentityImportFinding.NoAddress, IdentityImportFinding.AddressUnconfirmed, IdentityImportFinding.NoPassword, IdentityImportFinding.PasswordCostsMore,
                IdentityImportFinding.ExternalLogin, IdentityImportFinding.Disabled, IdentityImportFinding.RoleNotTaken, IdentityImportFinding.RecoveryCodesNotTaken,
            ],
            finding => Assert.Equal(1, report.Of(finding)));
        Assert.Equal(2, report.Of(IdentityImportFinding.PasswordNotTaken));
        Assert.Contains(new IdentityImportNote(external.Id, IdentityImportFinding.ExternalLogin, "Google"), _notes);
        Assert.Equal(PortalRole.TenantAdministrator, (await FindAsync("boss@acme.example")).Role);
        Assert.NotNull((await FindAsync("locked@acme.example")).DisabledAt);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync("waiting@acme.example", OldPassword));
        Assert.Equal(SignInState.EmailVerification, ViewOf(await NewBrowser().SignInAsync("unconfirmed@acme.example", OldPassword)).State);
        Assert.DoesNotContain(_notes, note => note.ToString().Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Import_ThatWasCutShort_GoesOnWhenItIsRunAgain()
    {
        for (var number = 0; number < 25; number++)
        {
            await Source.AddAsync($"person{number}@acme.example", null);
        }

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(
            batchSize: 10,
            progress: progress =>
            {
                if (progress.Done == 10)
                {
                    stop.Cancel();
                }
            },
            cancellationToken: stop.Token));
        Assert.Equal(11, await ReadAsync(database => database.Users.CountAsync()));

        var report = await ImportAsync(batchSize: 10);

        Assert.Equal((10, 15), (report.Of(IdentityImportFinding.AlreadyImported), report.Of(IdentityImportFinding.Imported)));
        Assert.Equal(25, (await ImportAsync()).Of(IdentityImportFinding.AlreadyImported));
        Assert.Equal(26, await ReadAsync(database => database.Users.CountAsync()));
    }

    [Fact]
    public async Task Import_WithPasskeys_SignsInWithThem()
    {
        using var authenticator = new SoftwareAuthenticator { Counts = true };
        var old = await AddWithPasskeyAsync(authenticator, "Laptop");

        var report = await ImportAsync(withPasskeys: true);

        Assert.Equal((1, 0), (report.Of(IdentityImportFinding.Imported), report.Of(IdentityImportFinding.PasskeyNotTaken)));
        var passkey = await ReadAsync(database => database.Passkeys.SingleAsync());
        Assert.Equal(("Laptop", authenticator.Counter, old.CreatedAt), (passkey.Name, passkey.SignCount, passkey.CreatedAt));
        Assert.Equal(old.Transports, passkey.Transports);
        var completed = Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(authenticator));
        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(((await FindAsync("grace@acme.example")).Id, Assurance.MultiFactor), (session.UserId, session.AuthenticationContextClass));
    }

    [Fact]
    public async Task Import_WithoutPasskeys_SaysThatTheyWereLeftOut()
    {
        using var authenticator = new SoftwareAuthenticator();
        await AddWithPasskeyAsync(authenticator, "Laptop");

        Assert.Equal(1, (await ImportAsync()).Of(IdentityImportFinding.PasskeyNotTaken));

        Assert.Equal(0, await ReadAsync(database => database.Passkeys.CountAsync()));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"A-\"")]
    [InlineData("\"\"")]
    public async Task Import_OfAPasskeyThatCannotBeRead_LeavesItOutAndTakesTheAccount(string key)
    {
        using var authenticator = new SoftwareAuthenticator();
        await AddWithPasskeyAsync(authenticator, "Laptop");
        var cast = Database.Provider == DatabaseProvider.Sqlite ? "" : "::jsonb";
        await Source.ExecuteAsync($$"""UPDATE "AspNetUserPasskeys" SET "Data" = '{"PublicKey": {{key}}}'{{cast}}""");

        var report = await ImportAsync(withPasskeys: true);

        Assert.Equal((1, 1), (report.Of(IdentityImportFinding.Imported), report.Of(IdentityImportFinding.PasskeyNotTaken)));
        Assert.Equal(0, await ReadAsync(database => database.Passkeys.CountAsync()));
    }

    [Fact]
    public async Task Import_FromWhatIsNoIdentityDatabase_IsRefusedInWords()
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Importer.RunAsync(
            new IdentityImportRequest("acme", Database.Provider, Database.ConnectionString), _ => { }, _ => { }, CancellationToken.None));

        Assert.Equal("The source has no table AspNetUsers that can be read.", refusal.Message);
        await Assert.ThrowsAsync<StartupException>(() => ImportAsync(slug: "nobody"));
    }

    /// <summary>An account of the application with a passkey that works at the portal's domain.</summary>
    private async Task<UserPasskeyInfo> AddWithPasskeyAsync(SoftwareAuthenticator authenticator, string name)
    {
        await AddedAsync(authenticator);
        var made = await ReadAsync(database => database.Passkeys.AsNoTracking().SingleAsync());
        await ReadAsync(database => database.Passkeys.ExecuteDeleteAsync());
        var user = await Source.AddAsync("grace@acme.example", OldPassword);
        var passkey = new UserPasskeyInfo(
            made.CredentialId, made.PublicKey, new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero), authenticator.Counter, ["internal", "hybrid"], true, false, false, [1], [2]) { Name = name };
        Assert.True((await Source.Users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded);
        authenticator.UserHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(user.Id));
        return passkey;
    }

    private protected IdentityImporter Importer => Host.Services.GetRequiredService<IdentityImporter>();

    private protected Task<IdentityImportReport> ImportAsync(
        string slug = "acme",
        bool isDryRun = false,
        string? administrators = null,
        bool withPasskeys = false,
        int batchSize = 200,
        Action<IdentityImportProgress>? progress = null,
        CancellationToken cancellationToken = default) => Importer.RunAsync(
            new IdentityImportRequest(slug, Database.Provider, Source.ConnectionString) { IsDryRun = isDryRun, AdministratorRole = administrators, WithPasskeys = withPasskeys, BatchSize = batchSize },
            _notes.Add,
            progress ?? (_ => { }),
            cancellationToken);

    private protected Task<PortalUser> FindAsync(string address) => ReadAsync(database => database.Users.AsNoTracking().SingleAsync(user => user.Email == address));

    private static string Costly(int iterations)
    {
        var bytes = Convert.FromBase64String(new PasswordHasher<IdentityUser>(
            Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1 })).HashPassword(new IdentityUser(), OldPassword));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        return Convert.ToBase64String(bytes);
    }
}
