using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;

namespace LoginPortal.Security;

/// <summary>Marks an endpoint whose form means the same whoever is signed in meanwhile: it signs in.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignsInAttribute : Attribute;

/// <summary>
/// The framework writes who is signed in into a form's token, so that a form filled by one person is never sent as another. A form that signs
/// in was filled by nobody yet, and stays good when somebody signs in in another tab: the flow behind it belongs to this browser alone.
/// </summary>
internal sealed class SignInAntiforgery(IAntiforgery inner) : IAntiforgery
{
    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => inner.GetAndStoreTokens(httpContext);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => inner.GetTokens(httpContext);

    public void SetCookieTokenAndHeader(HttpContext httpContext) => inner.SetCookieTokenAndHeader(httpContext);

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext) =>
        await inner.IsRequestValidAsync(httpContext)
        || (SignsIn(httpContext) && await AsNobodyAsync(httpContext, inner.IsRequestValidAsync));

    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        try
        {
            await inner.ValidateRequestAsync(httpContext);
        }
        catch (AntiforgeryValidationException) when (SignsIn(httpContext))
        {
            await AsNobodyAsync(httpContext, async context =>
            {
                await inner.ValidateRequestAsync(context);
                return true;
            });
        }
    }

    private static bool SignsIn(HttpContext context) =>
        context.User.Identity?.IsAuthenticated == true && context.GetEndpoint()?.Metadata.GetMetadata<SignsInAttribute>() is not null;

    private static async Task<bool> AsNobodyAsync(HttpContext context, Func<HttpContext, Task<bool>> validate)
    {
        var person = context.User;
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        try
        {
            return await validate(context);
        }
        finally
        {
            context.User = person;
        }
    }
}
