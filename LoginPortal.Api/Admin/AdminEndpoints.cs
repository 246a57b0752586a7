using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>What administrators do: over their own tenant, which their token names, and operators of the platform over all.</summary>
internal static class AdminEndpoints
{
    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("/api/v1/admin").WithGroupName(TenantAuthContract.Contract.Name).WithTags("Admin");
        admin.MapAdminUsers();
        admin.MapAdminSettings();
        admin.MapAdminBranding();
        admin.MapAdminBrandingFiles();
        admin.MapAdminAudit();
        admin.MapAdminClients();
        admin.MapAdminTenants();
        return endpoints;
    }

    /// <summary>Who asks.</summary>
    public static AdministratorSession SessionOf(Caller caller, TenantContext tenant) =>
        new(tenant.Required.Id, caller.Session.Id, caller.Facts);

    /// <summary>The answer to a wish that was looked at; the refusal of one that was not.</summary>
    public static IResult Answer<T>(this AdministrationResult<T> result, Func<T, IResult> answer) => result switch
    {
        AdministrationResult<T>.Answered(var value) => answer(value),
        AdministrationResult<T>.Refused(AdministrationRefusal.NotAllowed) => AdminErrors.NotAllowed,
        AdministrationResult<T>.Refused(AdministrationRefusal.SignInNeeded) => ApiError.SignInNeeded,
        _ => ApiError.Unauthenticated,
    };
}

/// <summary>The refusals that only administration has.</summary>
internal static class AdminErrors
{
    public static ApiError NotAllowed { get; } = new(403, "not_allowed", "Only administrators may do this.");

    public static ApiError RoleTooHigh { get; } = new(403, "role_not_allowed", "This is beyond what your own role allows.");

    public static ApiError OwnAccount { get; } = new(409, "own_account", "This cannot be done to one's own account.");

    public static ApiError LastAdministrator { get; } = new(
        409, "last_administrator", "Nobody else could administer this. Let somebody else do so first.");

    public static ApiError AddressTaken { get; } = new(409, "email_taken", "There is an account with this address.");

    public static ApiError ChangedMeanwhile { get; } = new(
        409, "changed_meanwhile", "Somebody else changed the settings meanwhile. Read them again.");

    public static ApiError PlatformItself { get; } = new(409, "platform_tenant", "The platform's own tenant stays as it is.");

    public static ApiError SlugTaken { get; } = new(409, "slug_taken", "Another tenant has this name in its address.");

    public static ApiError CursorUnknown { get; } = ApiError.Malformed(new FieldProblem("query", "cursor", "value_error", "The cursor is none of ours"));

    public static ApiError NoSuchUser { get; } = ApiError.NotFound with { Message = "There is no such account." };

    public static ApiError NoSuchTenant { get; } = ApiError.NotFound with { Message = "There is no such tenant." };
}
