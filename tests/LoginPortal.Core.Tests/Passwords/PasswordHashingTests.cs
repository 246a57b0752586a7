using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.Passwords;

public sealed class PasswordHashingSqliteTests() : PasswordHashingTests(DatabaseProvider.Sqlite);

public sealed class PasswordHashingPostgreSqlTests() : PasswordHashingTests(DatabaseProvider.PostgreSql);

public abstract class PasswordHashingTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    [Fact]
    public async Task Hash_UnmodifiedRegistration_IsPbkdf2WithSha512AndEnoughIterations()
    {
        var host = AddHost(cheapHashing: false);

        var hash = await host.Services.GetRequiredService<PasswordHashing>().HashAsync(RightPassword, CancellationToken.None);

        var (algorithm, iterations, salt, subkey) = Decode(hash!);
        Assert.Equal(2u, algorithm);
        Assert.True(iterations >= 220_000, $"{iterations}");
        Assert.Equal(16, salt.Length);
        Assert.Equal(32, subkey.Length);
        Assert.Equal(subkey, Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(RightPassword), salt, iterations, HashAlgorithmName.SHA512, 32));
    }

    [Theory]
    [InlineData("219999", false)]
    [InlineData("220000", true)]
    public void Options_Iterations_AreRefusedBelowTheMinimum(string iterations, bool accepted)
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["PasswordHashing:Iterations"] = iterations }));
        var exception = Record.Exception(() => host.Services.GetRequiredService<IOptions<PasswordHashingOptions>>().Value);

        Assert.Equal(accepted, exception is null);
        if (!accepted)
        {
            Assert.Contains("PasswordHashing:Iterations", Assert.IsType<OptionsValidationException>(exception).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SignIn_HashWithFewerIterations_IsHashedAgain()
    {
        var user = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var today = AddHost(builder => builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 2_000));

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await new Browser(today, Tenant).SignInAsync(Address, WrongPassword)));
        Assert.Equal(user.PasswordHash, await StoredHashAsync());
        Assert.IsType<SignInOutcome.Completed>(await new Browser(today, Tenant).SignInAsync(Address, RightPassword));

        var renewed = await StoredHashAsync();
        Assert.Equal((1_000, 2_000), (Decode(user.PasswordHash!).Iterations, Decode(renewed).Iterations));
        Assert.IsType<SignInOutcome.Completed>(await new Browser(today, Tenant).SignInAsync(Address, RightPassword));
        Assert.Equal(renewed, await StoredHashAsync());
    }

    [Fact]
    public async Task SignIn_ComposedOrDecomposed_IsTheSamePassword()
    {
        await Host.CreateUserAsync(Tenant, Address, "d\u00E9j\u00E0-vu im Caf\u00E9 \u00C5");

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, "de\u0301ja\u0300-vu im Cafe\u0301 \u212B"));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, "deja-vu im Cafe A")));
    }

    [Fact]
    public async Task SignIn_TextThatIsNoPassword_IsAWrongOne()
    {
        await Host.CreateUserAsync(Tenant, Address, "-");

        foreach (var text in (string[])["\uD800", "blue\uDC00kettle", "blue\uFFFEkettle", new string('-', 129), new string('x', 100_000)])
        {
            var browser = NewBrowser();
            await browser.IdentifyAsync(Address);
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(text)));
        }
    }

    [Theory]
    [InlineData(" " + RightPassword)]
    [InlineData(RightPassword + " ")]
    [InlineData("Blue-kettle-walks-at-noon")]
    public async Task SignIn_AlmostTheSamePassword_IsAWrongOne(string password)
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, password)));
    }

    private async Task<string> StoredHashAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        return (await scope.Database.Users.Select(user => user.PasswordHash).SingleAsync())!;
    }

    /// <summary>The format of ASP.NET Core Identity, version 3: marker, algorithm, iterations, salt's length, salt, subkey.</summary>
    private static (uint Algorithm, int Iterations, byte[] Salt, byte[] Subkey) Decode(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]);
        var saltLength = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9));
        return (
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)),
            (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)),
            bytes[13..(13 + saltLength)],
            bytes[(13 + saltLength)..]);
    }
}
