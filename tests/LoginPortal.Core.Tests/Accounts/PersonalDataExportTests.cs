using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class PersonalDataExportSqliteTests() : PersonalDataExportTests(DatabaseProvider.Sqlite);

public sealed class PersonalDataExportPostgreSqlTests() : PersonalDataExportTests(DatabaseProvider.PostgreSql);

public abstract class PersonalDataExportTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task Write_AfterAFreshSignIn_GivesEverythingButSecretsAndTellsThePerson()
    {
        await GivenAsync(configure: user => user.GivenName = "Ada");
        await Host.CreateUserAsync(Tenant, "neighbour@acme.example", OtherPassword);
        await AddAuthenticatorAsync("My phone");
        await NewBrowser().SignInAsync(Address, "wrong-password-of-somebody");
        var session = await SignedInAsync();
        await LetInAsync("Expenses", session);

        var (result, text) = await WriteAsync(session);

        Assert.Equal(PersonalDataResult.Written, result);
        var data = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("Ada", Address), (data.GetProperty("Account").GetProperty("GivenName").GetString(), data.GetProperty("Account").GetProperty("Email").GetString()));
        Assert.Equal("My phone", data.GetProperty("Authenticators")[0].GetProperty("Name").GetString());
        Assert.Equal("Expenses", data.GetProperty("Applications")[0].GetProperty("Application").GetString());
        Assert.Equal("openid", data.GetProperty("Consents")[0].GetProperty("Scopes")[0].GetString());
        Assert.Equal(10, data.GetProperty("RecoveryCodesLeft").GetInt32());
        Assert.Contains(data.GetProperty("Sessions").EnumerateArray(), row => row.GetProperty("Id").GetGuid() == session);
        Assert.Contains(
            data.GetProperty("SecurityEvents").EnumerateArray(), row => row.GetProperty("Kind").GetString() == SecurityEventKind.VerificationOf("password"));
        Assert.DoesNotContain("neighbour", text, StringComparison.Ordinal);
        foreach (var secret in await SecretsAsync())
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        Assert.Equal("Your data was downloaded", (await Host.Services.ReadMailsAsync(Address))[^1].Subject);
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.DataExported && e.SubjectId == User.Id)));
    }

    [Fact]
    public async Task Write_WithoutAFreshSignInOrInAnotherTenant_WritesNothing()
    {
        await GivenAsync();
        var globex = await Host.CreateTenantAsync("globex");
        var session = await SignedInAsync();

        Assert.Equal((PersonalDataResult.SignedOut, ""), await WriteAsync(session, globex.Id));
        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));
        Assert.Equal((PersonalDataResult.SignInNeeded, ""), await WriteAsync(session));
        Assert.Empty(await Host.Services.ReadMailsAsync(Address));
    }

    private async Task<(PersonalDataResult Result, string Text)> WriteAsync(Guid session, Guid? tenant = null)
    {
        using var stream = new MemoryStream();
        var result = await Host.Services.GetRequiredService<PersonalDataExport>().WriteAsync(
            tenant ?? Tenant.Id, session, (data, cancellation) => JsonSerializer.SerializeAsync(stream, data, cancellationToken: cancellation), Browser.Facts, CancellationToken.None);
        return (result, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private Task<List<string>> SecretsAsync() => ReadAsync(async database =>
    {
        List<string> secrets =
        [
            .. await database.Users.Select(user => user.PasswordHash!).ToListAsync(),
            .. await database.Users.Select(user => user.SecurityStamp!).ToListAsync(),
            .. await database.Sessions.Select(s => s.TokenHash!).ToListAsync(),
            .. await database.RecoveryCodes.Select(code => code.CodeHash).ToListAsync(),
            .. (await database.Authenticators.Select(app => app.ProtectedSeed).ToListAsync()).Select(Convert.ToBase64String),
        ];
        return secrets;
    });

    private async Task LetInAsync(string application, Guid session)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var (now, client) = (Clock.GetUtcNow(), Guid.NewGuid());
        scope.Database.AddRange(
            new OpenIdClient
            {
                Id = client, TenantId = Tenant.Id, ClientId = "app", Name = application, Kind = OpenIdClientKind.Web, Authentication = ClientAuthenticationKind.None,
                CreatedAt = now,
            },
            new OpenIdGrant
            {
                Id = Guid.NewGuid(), TenantId = Tenant.Id, ClientId = client, UserId = User.Id, SessionId = session, ToldSessionId = session, Scopes = ["openid"],
                AuthenticatedAt = now, AuthenticationMethods = [], AuthenticationContextClass = "", SecurityStamp = "", IsOffline = false, CreatedAt = now,
                LastUsedAt = now, ExpiresAt = now.AddHours(1),
            },
            new OpenIdConsent { TenantId = Tenant.Id, UserId = User.Id, ClientId = client, Scopes = ["openid"], GrantedAt = now });
        await scope.Database.SaveChangesAsync();
    }
}
