using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Data;

/// <summary>One element of the Data Protection key ring.</summary>
public sealed class DataProtectionKey
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name that Data Protection gives it.</summary>
    public string? FriendlyName { get; init; }

    /// <summary>The element as XML; encrypted when a key-encryption certificate is configured.</summary>
    public required string Xml { get; init; }
}

/// <summary>
/// Keeps the Data Protection key ring in the database, so that every node reads what any node protected. The interface
/// of the framework is synchronous; it is asked a few times a day.
/// </summary>
internal sealed class DataProtectionKeyRepository(IServiceScopeFactory scopes, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        return [.. database.DataProtectionKeys.AsNoTracking().Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        database.DataProtectionKeys.Add(new DataProtectionKey
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            FriendlyName = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
        });
        database.SaveChanges();
    }
}
