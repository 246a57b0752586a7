using LoginPortal.Core.SignIn;

namespace LoginPortal.Components.SignIn;

/// <summary>A flow that there is none of, for a look at the page that would show it.</summary>
/// <param name="View">Where it would stand.</param>
internal sealed record SignInPreview(SignInView View);
