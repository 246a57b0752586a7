using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class EmailAddressSqliteTests() : EmailAddressTests(DatabaseProvider.Sqlite);

public sealed class EmailAddressPostgreSqlTests() : EmailAddressTests(DatabaseProvider.PostgreSql);

public abstract class EmailAddressTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    /// <summary>An address, and one that Unicode case folding takes for the same.</summary>
    public static TheoryData<string, string> Lookalikes() => new()
    {
        { "susi@acme.example", "\u017Fusi@acme.example" },
        { "irmak@acme.example", "\u0131rmak@acme.example" },
        { "irmak@acme.example", "\u0130rmak@acme.example" },
        { "strasse@acme.example", "stra\u00DFe@acme.example" },
        { "\u00E4nne@acme.example", "\u00C4nne@acme.example" },
        { "ffi@acme.example", "\uFB03@acme.example" },
    };

    [Theory]
    [MemberData(nameof(Lookalikes))]
    public async Task Create_Lookalikes_AreTwoAccountsWithTwoPasswords(string address, string lookalike)
    {
        Assert.NotEqual(EmailAddress.Normalize(address), EmailAddress.Normalize(lookalike));
        Assert.True(await CreateAsync(address, RightPassword));
        Assert.True(await CreateAsync(lookalike, OtherPassword));

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(address, RightPassword));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(lookalike, OtherPassword));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(lookalike, RightPassword)));
    }

    /// <summary>What is not in Unicode's composed form is no address here: mail to it would go to the composed one, another mailbox.</summary>
    [Theory]
    [InlineData("kelvin@acme.example", "\u212Aelvin@acme.example")]
    [InlineData("\u00E4nne@acme.example", "a\u0308nne@acme.example")]
    public async Task Create_AddressThatIsNotComposed_IsMalformedAndNobodysAccount(string address, string decomposed)
    {
        Assert.True(await CreateAsync(address, RightPassword));

        Assert.NotEqual(EmailAddress.Normalize(address), EmailAddress.Normalize(decomposed));
        Assert.False(EmailAddress.IsWellFormed(decomposed));
        Assert.Equal(RejectionCode.AddressMalformed, RejectionOf(await NewBrowser().IdentifyAsync(decomposed)));
    }

    [Theory]
    [InlineData("ada@acme.example", "ADA@ACME.EXAMPLE")]
    [InlineData("\u00E4@\u212A.example", "\u00E4@\u212A.EXAMPLE")]
    [InlineData("", "")]
    public void Normalize_Text_UpperCasesAsciiLettersOnly(string address, string expected)
    {
        Assert.Equal(expected, EmailAddress.Normalize(address));
        Assert.Equal(expected, new AddressNormalizer().NormalizeEmail(address));
        Assert.Equal(expected, new AddressNormalizer().NormalizeName(address));
    }

    [Fact]
    public void IsWellFormed_AnyText_NeverThrows()
    {
        foreach (var text in RandomText.Many(5_000))
        {
            if (EmailAddress.IsWellFormed(text))
            {
                Assert.Single(text.Split('@')[1..]);
            }
        }
    }

    [Theory]
    [InlineData("ada@acme.example")]
    [InlineData("ada.lovelace+portal@sub.acme.example")]
    [InlineData("o'neil@acme.example")]
    [InlineData("ada@localhost")]
    [InlineData("ä@bücher.example")]
    [InlineData("ada@xn--bcher-kva.example")]
    public void IsWellFormed_Mailbox_Is(string address) => Assert.True(EmailAddress.IsWellFormed(address));

    [Fact]
    public async Task Create_SameAddressInOtherCase_IsTaken()
    {
        Assert.True(await CreateAsync(Address, RightPassword));
        Assert.False(await CreateAsync("ADA@ACME.EXAMPLE", OtherPassword));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task Create_SameAddressAtOnce_SucceedsOnceAndIsTakenOtherwise()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => CreateAsync(Address, RightPassword))));

        Assert.Single(results, created => created);
    }

    private async Task<bool> CreateAsync(string address, string password)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var accounts = scope.Services.GetRequiredService<AccountCreation>();
        var draft = await accounts.PrepareAsync(
            new NewAccount(address, password, "", "", PortalRole.Member, EmailConfirmed: true), CancellationToken.None);
        return await accounts.StoreAsync(Assert.IsType<AccountDraft.Ready>(draft).User);
    }
}
