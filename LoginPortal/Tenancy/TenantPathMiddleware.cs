using LoginPortal.Core.Tenants;

namespace LoginPortal.Tenancy;

/// <summary>
/// Moves <c>/t/{slug}</c> from the path into the path base, so that everything below is written once, relative to the tenant.
/// Looks at the form of the address alone; whether there is such a tenant is <see cref="TenantMiddleware"/>'s question.
/// </summary>
internal sealed class TenantPathMiddleware(RequestDelegate next)
{
    private const string Prefix = "/t";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<TenantPath>() is null
            && context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest)
            && rest.Value is { Length: > 1 } value)
        {
            var end = value.IndexOf('/', 1);
            var slug = end < 0 ? value[1..] : value[1..end];
            if (TenantSlug.IsValid(slug))
            {
                if (end < 0)
                {
                    // Relative addresses resolve against the last slash: without it they would leave the tenant.
                    context.Response.Redirect($"{context.Request.PathBase}{Prefix}/{slug}/{context.Request.QueryString}", permanent: false, preserveMethod: true);
                    return Task.CompletedTask;
                }

                context.Features.Set(new TenantPath(slug));
                context.Request.PathBase = context.Request.PathBase.Add($"{Prefix}/{slug}");
                context.Request.Path = value[end..];
            }
        }

        return next(context);
    }
}

/// <summary>The slug that stood in the address of a request.</summary>
/// <param name="Slug">A well-formed slug.</param>
internal sealed record TenantPath(string Slug);
