using LoginPortal.Core.Data;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tokens;

public sealed class SigningKeySqliteTests() : SigningKeyTests(DatabaseProvider.Sqlite);

public sealed class SigningKeyPostgreSqlTests() : SigningKeyTests(DatabaseProvider.PostgreSql);

public abstract class SigningKeyTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private SigningKeys Keys => Host.Services.GetRequiredService<SigningKeys>();

    [Fact]
    public async Task Keys_OverAYear_RotateWithOverlapAndAreNeverUsedBeforeTheyArePublished()
    {
        var publishedBefore = new HashSet<string>();
        var signers = new List<string>();
        for (var day = 0; day < 365; day++)
        {
            var signer = (await Keys.GetCurrentAsync(CancellationToken.None)).KeyId;
            var published = (await Keys.GetPublishedAsync(CancellationToken.None)).Keys.Select(key => key.Kid).ToHashSet();

            Assert.Contains(signer, published);
            Assert.InRange(published.Count, 1, 2);
            if (signers.Count > 0 && signers[^1] != signer)
            {
                Assert.Contains(signer, publishedBefore);
                Assert.Contains(signers[^1], published);
            }

            if (signers.Count == 0 || signers[^1] != signer)
            {
                signers.Add(signer);
            }

            publishedBefore = published;
            Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(5, signers.Distinct().Count());
        Assert.Equal(5, signers.Count);
    }

    [Fact]
    public async Task Keys_OfTwoNodesStartingTogether_AreTheSame()
    {
        var other = AddHost().Services.GetRequiredService<SigningKeys>();

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            (number % 2 == 0 ? Keys : other).GetCurrentAsync(CancellationToken.None)));

        Assert.Single(keys.Select(key => key.KeyId).Distinct());
    }

    [Fact]
    public async Task Keys_InTheDatabase_AreEncrypted()
    {
        var key = await Keys.GetCurrentAsync(CancellationToken.None);
        await using var scope = Host.CreateScope();
        var row = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().SigningKeys.SingleAsync(CancellationToken.None);

        Assert.Equal(key.KeyId, row.Id);
        Assert.True(row.ProtectedKey.AsSpan().IndexOf(key.ECDsa.ExportParameters(includePrivateParameters: true).D) < 0);
    }

    [Fact]
    public async Task Published_Keys_HoldNoPrivatePart()
    {
        var key = Assert.Single((await Keys.GetPublishedAsync(CancellationToken.None)).Keys);

        Assert.Equal(("EC", "sig", "ES256", "P-256"), (key.Kty, key.Use, key.Alg, key.Crv));
        Assert.Equal(43, key.X.Length);
        Assert.DoesNotContain(typeof(PublishedKey).GetProperties(), property => property.Name == "D");
    }
}
