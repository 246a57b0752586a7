namespace LoginPortal.KeptPages;

/// <summary>
/// Marks a page that is the same for everybody who comes to it signed out, with nothing but <c>returnUrl</c> in the address: it reads no cookie but those of
/// the session then, and writes <c>returnUrl</c> as the value of a query and nowhere else.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KeptPageAttribute : Attribute;
