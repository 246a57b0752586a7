using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Setup;

/// <summary>Two organisations, five people and two applications to try the portal with. For Development only.</summary>
public sealed class DemoData(IServiceScopeFactory scopes, PortalDbContext database, TimeProvider time)
{
    /// <summary>The password of every demo account.</summary>
    public const string Password = "blue-kettle-walks-at-noon";

    /// <summary>Creates what is missing, so that a first start that was cut short is finished by the next.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await AddTenantAsync(TenantSlug.Platform, "LoginPortal", new TenantPolicy(), Branding.Default, logo: null, cancellationToken);
        await AddTenantAsync(
            "acme",
            "Acme",
            new TenantPolicy
            {
                SecondFactorMethods = [SecondFactorMethod.Totp, SecondFactorMethod.EmailCode],
                Registration = new RegistrationPolicy { IsOpen = true },
            },
            DemoBranding.Acme,
            DemoBranding.AcmeLogo,
            cancellationToken);
        await AddTenantAsync(
            "globex",
            "Globex",
            new TenantPolicy
            {
                SecondFactor = SecondFactorRequirement.Required,
                SecondFactorRequiredFrom = new DateTimeOffset(time.GetUtcNow().AddDays(90).Date, TimeSpan.Zero),
            },
            DemoBranding.Globex,
            DemoBranding.GlobexLogo,
            cancellationToken);

        await AddAccountAsync(TenantSlug.Platform, "operator@portal.example", "Olga", "Operator", PortalRole.PlatformOperator, cancellationToken);
        foreach (var slug in (string[])["acme", "globex"])
        {
            await AddAccountAsync(slug, $"user@{slug}.example", "Uma", "User", PortalRole.Member, cancellationToken);
            await AddAccountAsync(slug, $"admin@{slug}.example", "Adam", "Admin", PortalRole.TenantAdministrator, cancellationToken);
        }

        await AddApplicationsAsync("acme", cancellationToken);
    }

    private async Task AddTenantAsync(
        string slug, string displayName, TenantPolicy policy, Branding branding, string? logo, CancellationToken cancellationToken)
    {
        if (await database.Tenants.AnyAsync(tenant => tenant.Slug == slug, cancellationToken))
        {
            return;
        }

        var now = time.GetUtcNow();
        var tenant = new Tenant
        {
            Id = Guid.CreateVersion7(now),
            Slug = slug,
            DisplayName = displayName,
            Policy = policy,
            CreatedAt = now,
        };
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        database.Tenants.Add(tenant);
        await database.SaveChangesAsync(cancellationToken);
        if (logo is not null)
        {
            AddBranding(tenant, branding, logo, now);
            await database.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private void AddBranding(Tenant tenant, Branding branding, string logo, DateTimeOffset now)
    {
        var content = Encoding.UTF8.GetBytes(logo);
        var asset = new BrandAsset
        {
            TenantId = tenant.Id,
            Key = Convert.ToHexStringLower(SHA256.HashData(content)),
            ContentType = "image/svg+xml",
            Content = content,
            CreatedAt = now,
        };
        database.BrandAssets.Add(asset);
        tenant.BrandingRevision = new BrandingRevision
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            Number = 1,
            Document = branding with { LogoLight = asset.Key },
            PublishedAt = now,
        };
    }

    private async Task AddApplicationsAsync(string slug, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, cancellationToken)
            ?? throw new InvalidOperationException($"The demo tenant {slug} is missing.");
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        await DemoApplications.AddAsync(scope.ServiceProvider.GetRequiredService<PortalDbContext>(), tenant, time.GetUtcNow(), cancellationToken);
    }

    private async Task AddAccountAsync(
        string slug, string email, string givenName, string familyName, PortalRole role, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, cancellationToken)
            ?? throw new InvalidOperationException($"The demo tenant {slug} is missing.");
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        var name = EmailAddress.Normalize(email);
        if (await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Users.AnyAsync(user => user.NormalizedUserName == name, cancellationToken))
        {
            return;
        }

        var accounts = scope.ServiceProvider.GetRequiredService<AccountCreation>();
        var draft = await accounts.PrepareAsync(
            new NewAccount(email, Password, givenName, familyName, role, EmailConfirmed: true), cancellationToken);
        if (draft is not AccountDraft.Ready(var user) || !await accounts.StoreAsync(user))
        {
            throw new InvalidOperationException($"The demo account {email} could not be created: {draft}.");
        }
    }
}
