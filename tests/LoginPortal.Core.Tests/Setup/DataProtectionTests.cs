using System.Security.Cryptography;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Setup;

public sealed class DataProtectionSqliteTests() : DataProtectionTests(DatabaseProvider.Sqlite);

public sealed class DataProtectionPostgreSqlTests() : DataProtectionTests(DatabaseProvider.PostgreSql);

public abstract class DataProtectionTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Fact]
    public async Task Unprotect_PayloadOfAnotherNode_GivesItBack()
    {
        var other = AddHost();

        var payload = ProtectorOf(Host).Protect("from the first");
        Assert.Equal("from the first", ProtectorOf(other).Unprotect(payload));
        Assert.Equal("from the second", ProtectorOf(Host).Unprotect(ProtectorOf(other).Protect("from the second")));

        await using var scope = Host.CreateScope();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<PortalDbContext>().DataProtectionKeys.CountAsync());
    }

    [Fact]
    public async Task Unprotect_PayloadOfAnotherDatabase_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(Database.Provider);
        await using var stranger = new CoreHost(database);

        Assert.Throws<CryptographicException>(() => ProtectorOf(Host).Unprotect(ProtectorOf(stranger).Protect("foreign")));
    }

    private static IDataProtector ProtectorOf(CoreHost host) =>
        host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
