using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passkeys;

/// <summary>Judges what an authenticator answered. Changes nothing.</summary>
internal sealed class PasskeyVerifier(RelyingParties relyingParties, PasskeyHandlers handlers, PasskeyCeremonySeal seal, PortalDbContext database)
{
    /// <summary>Judges an answer to a ceremony of signing in, or of the second factor where somebody has given their password.</summary>
    /// <param name="flow">The flow, as it stands; not saved yet where nobody has said who they are.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="answer">What the browser handed back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PasskeyVerdict> JudgeAssertionAsync(
        FlowRecord flow, TenantProfile tenant, PasskeyAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(answer);
        var purpose = flow.State == SignInState.SecondFactor ? PasskeyPurpose.SecondFactor : PasskeyPurpose.SignIn;
        var contextId = flow.State == SignInState.Identify ? Guid.Empty : flow.Id;
        if (!tenant.Policy.AllowPasskeys
            || seal.Open(answer.Ceremony, purpose, tenant.Id, flow.BindingHash, contextId) is not { } ceremony)
        {
            return new PasskeyVerdict.Refused(RejectionCode.PasskeyCeremonyEnded);
        }

        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var verification = purpose == PasskeyPurpose.SignIn ? PasskeyHandlers.VerificationRequired : PasskeyHandlers.VerificationDiscouraged;
        var result = await handlers.For(party, verification).PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = PasskeyHandlers.NoRequest,
            CredentialJson = answer.CredentialJson ?? "",
            AssertionState = ceremony.StateFor(answer),
        });
        var read = CredentialJson.Read(answer.CredentialJson);
        var isKnown = read is not null
            && await database.Passkeys.IgnoreQueryFilters().AnyAsync(p => p.CredentialId == read.Id, cancellationToken);
        if (!result.Succeeded || result.User.DisabledAt is not null || (ceremony.ExpectedUserId is { } expected && expected != result.User.Id))
        {
            return new PasskeyVerdict.Refused(
                read is { IsUserVerified: false } && isKnown && purpose == PasskeyPurpose.SignIn ? RejectionCode.PasskeyNotVerified
                : read is not null && !isKnown ? RejectionCode.PasskeyUnknown
                : RejectionCode.PasskeyNotAccepted);
        }

        var (user, proof) = (result.User, new PasskeyProof(result.Passkey.CredentialId, result.Passkey.SignCount, result.Passkey.IsBackedUp, ceremony));
        var stored = await database.Passkeys.AsNoTracking()
            .SingleOrDefaultAsync(p => p.CredentialId == proof.CredentialId && p.UserId == user.Id, cancellationToken);
        return stored is null ? new PasskeyVerdict.Refused(RejectionCode.PasskeyNotAccepted)
            : PasskeyChanges.Regresses(stored.SignCount, proof.SignCount) ? new PasskeyVerdict.Refused(RejectionCode.PasskeyCounterRegressed)
            : new PasskeyVerdict.Proved(user, stored, proof);
    }

    /// <summary>Judges a new passkey.</summary>
    /// <param name="user">Whose it shall be.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="contextId">The flow or session that it is added in.</param>
    /// <param name="answer">What the browser handed back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PasskeyVerdict> JudgeAttestationAsync(
        PortalUser user, TenantProfile tenant, string bindingHash, Guid contextId, PasskeyAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(answer);
        if (!tenant.Policy.AllowPasskeys
            || seal.Open(answer.Ceremony, PasskeyPurpose.Registration, tenant.Id, bindingHash, contextId) is not { } ceremony
            || ceremony.ExpectedUserId != user.Id)
        {
            return new PasskeyVerdict.Refused(RejectionCode.PasskeyCeremonyEnded);
        }

        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var result = await handlers.ForNew(party, ceremony.Kind).PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = PasskeyHandlers.NoRequest,
            CredentialJson = ceremony.IsConditional ? CredentialJson.WithUserPresent(answer.CredentialJson) : answer.CredentialJson ?? "",
            AttestationState = ceremony.StateFor(answer),
        });
        if (result.Succeeded)
        {
            return new PasskeyVerdict.Attested(result.Passkey, ceremony) { Name = answer.Name };
        }

        var isKnown = CredentialJson.Read(answer.CredentialJson) is { } read
            && await database.Passkeys.AnyAsync(p => p.CredentialId == read.Id, cancellationToken);
        return new PasskeyVerdict.Refused(isKnown ? RejectionCode.PasskeyAlreadyRegistered : RejectionCode.PasskeyNotAccepted);
    }
}

/// <summary>What the browser handed back at the end of a ceremony.</summary>
/// <param name="CredentialJson">The answer, a <c>PublicKeyCredentialJSON</c>.</param>
/// <param name="Ceremony">What it was given with the options.</param>
public sealed record PasskeyAnswer(string? CredentialJson, string? Ceremony)
{
    /// <summary>What the person calls a new passkey; empty while the authenticator's own name will do.</summary>
    public string? Name { get; init; }

    /// <summary>An answer to options whose challenge was the ceremony (<see cref="PasskeyOptions.OptionsJsonWithCeremony"/>).</summary>
    public static PasskeyAnswer OfCredential(string? credentialJson) =>
        new(credentialJson, Passkeys.CredentialJson.ChallengeOf(credentialJson));

    /// <summary>Without the answer: records print themselves into logs.</summary>
    public override string ToString() => nameof(PasskeyAnswer);
}

/// <summary>What a signature proved, to be made good in the transaction that grants what it buys.</summary>
/// <param name="CredentialId">The passkey.</param>
/// <param name="SignCount">Its counter now.</param>
/// <param name="IsBackedUp">Whether it has been copied to other devices now.</param>
/// <param name="Ceremony">The ceremony, whose challenge is to be spent.</param>
public sealed record PasskeyProof(byte[] CredentialId, uint SignCount, bool IsBackedUp, PasskeyCeremony Ceremony);

/// <summary>What became of an answer. A closed family.</summary>
public abstract record PasskeyVerdict
{
    private PasskeyVerdict()
    {
    }

    /// <summary>The person has proved who they are.</summary>
    /// <param name="User">The person.</param>
    /// <param name="Passkey">With what.</param>
    /// <param name="Proof">What is to be written.</param>
    public sealed record Proved(PortalUser User, Passkey Passkey, PasskeyProof Proof) : PasskeyVerdict;

    /// <summary>A new passkey is good.</summary>
    /// <param name="Passkey">What the authenticator said of it.</param>
    /// <param name="Ceremony">The ceremony, whose challenge is to be spent.</param>
    public sealed record Attested(UserPasskeyInfo Passkey, PasskeyCeremony Ceremony) : PasskeyVerdict
    {
        /// <summary>What the person calls it.</summary>
        public string? Name { get; init; }
    }

    /// <summary>The answer is not accepted.</summary>
    /// <param name="Code">Why.</param>
    public sealed record Refused(RejectionCode Code) : PasskeyVerdict;
}
