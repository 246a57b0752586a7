using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.Setup;

public sealed class CoreOptionsTests() : DatabaseTests(DatabaseProvider.Sqlite)
{
    [Theory]
    [InlineData("Portal:PublicOrigin", "")]
    [InlineData("Portal:PublicOrigin", "login.example.com")]
    [InlineData("Portal:PublicOrigin", "http://login.example.com")]
    [InlineData("Portal:PublicOrigin", "https://login.example.com/portal")]
    [InlineData("Portal:PublicOrigin", "ftp://login.example.com")]
    [InlineData("Portal:MaximumCircuits", "-1")]
    [InlineData("Portal:SessionCheckInterval", "00:00:00")]
    [InlineData("Portal:SessionCheckInterval", "00:01:01")]
    [InlineData("Portal:TrustedProxies:0", "everybody")]
    [InlineData("Portal:KeyEncryptionCertificatePath", "/nowhere/key.p12")]
    [InlineData("PasswordHashing:MaximumConcurrency", "0")]
    [InlineData("PasswordHashing:QueueLimit", "-1")]
    [InlineData("ConnectionStrings:Portal", "")]
    [InlineData("Mail:PickupFolder", "")]
    [InlineData("Mail:Timeout", "00:00:00")]
    [InlineData("Mail:Timeout", "00:01:01")]
    public async Task Start_ValueThatCannotBe_IsRefusedByItsName(string key, string value)
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }));

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Host.StartAsync());

        Assert.Contains(key.Split(":0")[0], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralValuesThatCannotBe_AreAllTold()
    {
        var host = AddHost(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:PublicOrigin"] = "",
            ["Portal:MaximumCircuits"] = "-1",
            ["PasswordHashing:Iterations"] = "1000",
        }));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => host.Host.StartAsync());

        var text = refusal.ToString();
        Assert.All(
            (string[])["Portal:PublicOrigin", "Portal:MaximumCircuits", "PasswordHashing:Iterations"],
            name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_GoodConfiguration_StartsAndStops()
    {
        await using var host = new CoreHost(Database);

        await host.Host.StartAsync();
        Assert.Equal(CoreHost.PublicOrigin, host.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicOrigin);
        await host.Host.StopAsync();
    }
}
