using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.TenantTransfer;

/// <summary>A table of which a tenant's rows go into the file.</summary>
/// <param name="Kind">What a row is called there.</param>
/// <param name="Type">The entity.</param>
/// <param name="Read">The tenant's rows, one by one.</param>
internal sealed record TransferPart(string Kind, Type Type, Func<PortalDbContext, Guid, IAsyncEnumerable<object>> Read)
{
    /// <summary>The kind of the tenant itself, which is the first row.</summary>
    public const string Tenant = "tenant";

    /// <summary>The kind of the last line, which says how many rows of each kind there were.</summary>
    public const string End = "end";

    /// <summary>Every part, in an order in which a row refers only to rows before it.</summary>
    public static IReadOnlyList<TransferPart> All { get; } =
    [
        new(Tenant, typeof(Tenant), (database, id) => database.Tenants.AsNoTracking().Where(row => row.Id == id).AsAsyncEnumerable()),
        Of<TenantDomain>("domain"),
        Of<TenantOrigin>("origin"),
        Of<BrandAsset>("brand_asset"),
        Of<BrandingRevision>("branding_revision"),
        Of<BrandingDraft>("branding_draft"),
        Of<PortalUser>("person"),
        Of<ProfilePicture>("picture"),
        Of<Authenticator>("authenticator"),
        Of<RecoveryCode>("recovery_code"),
        Of<Passkey>("passkey"),
        Of<ApiKey>("api_key"),
        Of<OpenIdClient>("application"),
        Of<OpenIdClientSecret>("application_secret"),
        Of<OpenIdConsent>("consent"),
        Of<SecurityEvent>("security_event"),
    ];

    /// <summary>
    /// What belongs to a tenant and stays behind: what is under way, what ends with the sessions, and what only the portal that made it can read.
    /// </summary>
    public static IReadOnlySet<Type> LeftBehind { get; } = new HashSet<Type>
    {
        typeof(SignIn.FlowRecord), typeof(SignIn.AttemptCounter), typeof(Sessions.Session), typeof(Sessions.HandoffTicket), typeof(SpentChallenge),
        typeof(TrustedDevices.TrustedDevice), typeof(EmailCodes.EmailCode), typeof(Mail.OutboxMail), typeof(Mail.MailAllowance),
        typeof(AccountRequests.AccountRequest), typeof(AccountImports.AccountImport), typeof(AccountImports.AccountImportRow), typeof(Invitation), typeof(AddressChanges.AddressChange), typeof(Throttling.NetworkAllowance),
        typeof(Setup.OneTimeLink), typeof(RefreshToken), typeof(SignIn.FlowHandle), typeof(AuthorizationRequest), typeof(OpenIdGrant),
        typeof(AuthorizationCode), typeof(OpenIdRefreshToken),
    };

    /// <summary>How rows are written: every value that is stored, by its name, and nothing that is only reached through it.</summary>
    public static JsonSerializerOptions JsonOf(PortalDbContext database) => new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    if (database.Model.FindEntityType(type.Type) is { } entity)
                    {
                        foreach (var property in type.Properties.Where(property => entity.FindProperty(NameOf(property)) is null).ToList())
                        {
                            type.Properties.Remove(property);
                        }
                    }
                },
            },
        },
    };

    private static string NameOf(JsonPropertyInfo property) => ((System.Reflection.MemberInfo)property.AttributeProvider!).Name;

    private static TransferPart Of<T>(string kind)
        where T : class => new(
            kind,
            typeof(T),
            (database, id) => database.Set<T>().IgnoreQueryFilters().AsNoTracking().Where(row => EF.Property<Guid>(row, "TenantId") == id).AsAsyncEnumerable());
}

/// <summary>A row in the file.</summary>
/// <param name="Kind">Of which part.</param>
/// <param name="Row">The values.</param>
internal sealed record TransferLine(string Kind, JsonObject Row);
