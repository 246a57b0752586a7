using LoginPortal.Core.Passkeys;

namespace LoginPortal.Components.Passkeys;

/// <summary>What a <see cref="PasskeyForm"/> submits.</summary>
/// <param name="Answer">The authenticator's answer.</param>
/// <param name="Remember">Whether "keep me signed in" was ticked on the page that was posted; a circuit knows it anyway.</param>
public sealed record PasskeySubmission(PasskeyAnswer Answer, bool Remember);
