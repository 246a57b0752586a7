using LoginPortal.Core.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// Identity's passkey handler, set up for one relying party and one ceremony. It asks a request for nothing that it has been told here, so the
/// empty request that it insists on is the same in a circuit, which has none, and in a post.
/// </summary>
internal sealed class PasskeyHandlers(UserManager<PortalUser> users)
{
    /// <summary>The authenticator must check who the person is.</summary>
    public const string VerificationRequired = "required";

    /// <summary>It should, where it can without asking for more than a touch.</summary>
    public const string VerificationPreferred = "preferred";

    /// <summary>A touch will do.</summary>
    public const string VerificationDiscouraged = "discouraged";

    public static HttpContext NoRequest => new DefaultHttpContext();

    /// <summary>The handler of ceremonies that use a passkey.</summary>
    public IPasskeyHandler<PortalUser> For(RelyingParty party, string userVerification) => For(party, userVerification, "preferred");

    /// <summary>The handler of ceremonies that make one.</summary>
    public IPasskeyHandler<PortalUser> ForNew(RelyingParty party, PasskeyKind kind) => kind switch
    {
        PasskeyKind.Discoverable => For(party, VerificationRequired, "required"),
        PasskeyKind.SecurityKey => For(party, VerificationDiscouraged, "discouraged"),
        _ => For(party, VerificationPreferred, "preferred"),
    };

    private PasskeyHandler<PortalUser> For(RelyingParty party, string userVerification, string residentKey) =>
        new(users, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = party.Id,
            AuthenticatorTimeout = PasskeyCeremony.Lifetime,
            UserVerificationRequirement = userVerification,
            ResidentKeyRequirement = residentKey,
            AttestationConveyancePreference = "none",
            ValidateOrigin = validation => ValueTask.FromResult(
                !validation.CrossOrigin && validation.TopOrigin is null && party.Allows(validation.Origin)),
        }));
}
