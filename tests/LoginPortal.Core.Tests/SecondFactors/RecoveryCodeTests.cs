using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class RecoveryCodeSqliteTests() : RecoveryCodeTests(DatabaseProvider.Sqlite);

public sealed class RecoveryCodePostgreSqlTests() : RecoveryCodeTests(DatabaseProvider.PostgreSql);

public abstract class RecoveryCodeTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task RecoveryCode_Typed_WorksOnceInAnyCaseAndIsTold()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);

        Assert.Equal(
            RejectionCode.InvalidRecoveryCode,
            RejectionOf(await browser.AdvanceAsync(new StepInput.RecoveryCode("AAAA-AAAA-AAAA-AAAA"))));
        var typed = codes![3].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCode(typed)));

        var again = NewBrowser();
        await again.SignInAsync(Address, RightPassword);
        Assert.Equal(RejectionCode.InvalidRecoveryCode, RejectionOf(await again.AdvanceAsync(new StepInput.RecoveryCode(codes[3]))));
        Assert.Equal(9, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.RecoveryCodeUsed)));
        Assert.Contains("9", (await Host.Services.ReadMailsAsync(Address))[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCode_InParallelOnTwoNodes_ExactlyOneWins()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();
        var other = AddHost();
        var browsers = Enumerable.Range(0, 4).Select(index => NewBrowser(index % 2 == 0 ? Host : other)).ToList();
        foreach (var browser in browsers)
        {
            await browser.SignInAsync(Address, RightPassword);
        }

        var outcomes = await Task.WhenAll(browsers.Select(b => Task.Run(() => b.AdvanceAsync(new StepInput.RecoveryCode(codes![0])))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
    }

    [Fact]
    public async Task RecoveryCode_WrongOnes_AreCountedLikeAnyFactor()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            Assert.IsType<SignInOutcome.Rejected>(await browser.AdvanceAsync(new StepInput.RecoveryCode("wrong")));
        }

        Assert.IsType<SignInOutcome.Throttled>(await browser.AdvanceAsync(new StepInput.RecoveryCode(codes![0])));
    }

    [Fact]
    public async Task RecoveryCode_OfAnotherPersonOrTenant_IsRefused()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();
        var otherUser = await Host.CreateUserAsync(Tenant, "bob@acme.example", RightPassword);

        Assert.False(await ReadAsync(database => RecoveryCodeSets.SpendAsync(
            database, otherUser.Id, RecoveryCodeText.Hash(otherUser.Id, codes![0]), CancellationToken.None)));
        await using var scope = Host.OpenTenant(await Host.CreateTenantAsync("globex"));
        Assert.False(await RecoveryCodeSets.SpendAsync(scope.Database, User.Id, RecoveryCodeText.Hash(User.Id, codes![0]), CancellationToken.None));
    }

    [Fact]
    public async Task Replace_ByTheirOwner_EndsTheOldSetAndKeepsNoCode()
    {
        await GivenAsync();
        var (_, codes) = await AddAuthenticatorAsync();
        var security = Host.Services.GetRequiredService<AccountSecurity>();

        var overview = Assert.IsType<AccountSecurityResult.Overview>(
            await security.ReplaceRecoveryCodesAsync(Tenant.Id, await SignedInAsync(), Browser.Facts, CancellationToken.None));

        Assert.Equal((10, 10), (overview.RecoveryCodes!.Count, overview.RecoveryCodesLeft));
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        Assert.IsType<SignInOutcome.Rejected>(await browser.AdvanceAsync(new StepInput.RecoveryCode(codes![0])));
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCode(overview.RecoveryCodes[0])));
        var stored = await ReadAsync(database => database.RecoveryCodes.Select(c => c.CodeHash).ToListAsync());
        Assert.DoesNotContain(stored, hash => overview.RecoveryCodes.Contains(hash, StringComparer.Ordinal));
    }

    [Fact]
    public void Create_Always_HoldsEightyBitsInFourGroups()
    {
        var codes = Enumerable.Range(0, 200).Select(_ => RecoveryCodeText.Create()).ToList();

        Assert.All(codes, code => Assert.Matches("^([A-HJ-KM-NP-Z0-9]{4}-){3}[A-HJ-KM-NP-Z0-9]{4}$", code));
        Assert.Equal(200, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(32, string.Concat(codes).Replace("-", "", StringComparison.Ordinal).Distinct().Count());
    }
}
