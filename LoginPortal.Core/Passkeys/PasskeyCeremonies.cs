using System.Text.Json.Nodes;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// Starts ceremonies for signing in. Each call works in a scope of its own, because a circuit lives longer than a database context may.
/// </summary>
public sealed class PasskeyCeremonies(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Starts what the flow can take now, or a sign-in with any passkey where there is no flow yet.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="flowId">The flow; <see langword="null"/> or <see cref="Guid.Empty"/> for none.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    /// <returns><see langword="null"/> if the tenant has no passkeys, or the flow is not this browser's or takes none now.</returns>
    public Task<PasskeyOptions?> BeginAsync(Guid tenantId, string bindingHash, Guid? flowId, CancellationToken cancellationToken) =>
        BeginAsync(tenantId, bindingHash, flowId, PasskeyKind.Any, cancellationToken);

    /// <summary>The same, where what a new passkey must be matters.</summary>
    public async Task<PasskeyOptions?> BeginAsync(
        Guid tenantId, string bindingHash, Guid? flowId, PasskeyKind kind, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { Policy.AllowPasskeys: true } tenant)
        {
            return null;
        }

        var maker = services.GetRequiredService<PasskeyOptionsMaker>();
        if (flowId is null || flowId == Guid.Empty)
        {
            return await maker.ForAnybodyAsync(tenant, bindingHash, cancellationToken);
        }

        var database = services.GetRequiredService<PortalDbContext>();
        var now = time.GetUtcNow();
        var flow = await database.Flows.AsNoTracking()
            .SingleOrDefaultAsync(f => f.Id == flowId && f.BindingHash == bindingHash && f.ExpiresAt > now, cancellationToken);
        if (flow is null)
        {
            return null;
        }

        var name = EmailAddress.Normalize(flow.Identifier ?? "");
        var user = await (flow.UserId is { } userId
            ? database.Users.SingleOrDefaultAsync(u => u.Id == userId && u.DisabledAt == null, cancellationToken)
            : database.Users.SingleOrDefaultAsync(u => u.NormalizedUserName == name && u.DisabledAt == null, cancellationToken));
        return flow.State switch
        {
            SignInState.Password => await maker.ForNamedAsync(tenant, flow, user, cancellationToken),
            SignInState.SecondFactor when user is not null => await maker.ForSecondFactorAsync(tenant, flow, user, cancellationToken),
            SignInState.SecondFactorEnrolment when user is not null =>
                await maker.ForRegistrationAsync(tenant, bindingHash, flow.Id, user, isConditional: false, kind, cancellationToken),
            _ => null,
        };
    }
}

/// <summary>Makes the options of each kind of ceremony, and seals what is to be remembered of them.</summary>
internal sealed class PasskeyOptionsMaker(
    RelyingParties relyingParties,
    PasskeyHandlers handlers,
    DecoyCredentials decoys,
    PasskeyCeremonySeal seal,
    PortalDbContext database,
    TimeProvider time)
{
    /// <summary>Whoever the passkey says.</summary>
    public async Task<PasskeyOptions> ForAnybodyAsync(TenantProfile tenant, string bindingHash, CancellationToken cancellationToken)
    {
        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var made = await handlers.For(party, PasskeyHandlers.VerificationRequired).MakeRequestOptionsAsync(null, PasskeyHandlers.NoRequest);
        return Sealed(made.RequestOptionsJson, tenant, PasskeyPurpose.SignIn, bindingHash, Guid.Empty, expectedUserId: null, made.AssertionState);
    }

    /// <summary>
    /// The person that an address names. An address that nobody has, and somebody who has no passkey, get a list that looks like any other and
    /// is the same each time.
    /// </summary>
    public async Task<PasskeyOptions> ForNamedAsync(TenantProfile tenant, FlowRecord flow, PortalUser? user, CancellationToken cancellationToken)
    {
        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var userId = user?.Id ?? Guid.Empty;
        var descriptors = await database.Passkeys.AsNoTracking()
            .Where(p => p.UserId == userId)
            .OrderBy(p => p.Id)
            .Select(p => new { p.CredentialId, p.Transports })
            .ToListAsync(cancellationToken);
        var decoy = await decoys.OfAsync(tenant.Id, flow.Identifier ?? "", cancellationToken);
        var made = await handlers.For(party, PasskeyHandlers.VerificationRequired).MakeRequestOptionsAsync(null, PasskeyHandlers.NoRequest);
        var options = JsonNode.Parse(made.RequestOptionsJson)!;
        options["allowCredentials"] = descriptors.Count > 0
            ? new JsonArray([.. descriptors.Select(d => Descriptor(d.CredentialId, d.Transports))])
            : new JsonArray(Descriptor(decoy, ["hybrid", "internal"]));
        return Sealed(
            options.ToJsonString(), tenant, PasskeyPurpose.SignIn, flow.BindingHash, flow.Id, descriptors.Count > 0 ? userId : Guid.Empty, made.AssertionState);
    }

    /// <summary>The person who has given the password.</summary>
    public async Task<PasskeyOptions> ForSecondFactorAsync(TenantProfile tenant, FlowRecord flow, PortalUser user, CancellationToken cancellationToken)
    {
        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var made = await handlers.For(party, PasskeyHandlers.VerificationDiscouraged).MakeRequestOptionsAsync(user, PasskeyHandlers.NoRequest);
        return Sealed(made.RequestOptionsJson, tenant, PasskeyPurpose.SecondFactor, flow.BindingHash, flow.Id, user.Id, made.AssertionState);
    }

    /// <summary>A new passkey for the person of a flow or a session.</summary>
    public async Task<PasskeyOptions> ForRegistrationAsync(
        TenantProfile tenant,
        string bindingHash,
        Guid contextId,
        PortalUser user,
        bool isConditional,
        PasskeyKind kind,
        CancellationToken cancellationToken)
    {
        var party = await relyingParties.OfAsync(tenant, cancellationToken);
        var entity = new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Email ?? "", DisplayName = user.DisplayName };
        var made = await handlers.ForNew(party, kind).MakeCreationOptionsAsync(entity, PasskeyHandlers.NoRequest);
        var options = JsonNode.Parse(made.CreationOptionsJson)!;
        options["rp"]!["name"] = tenant.DisplayName;
        return Sealed(
            options.ToJsonString(), tenant, PasskeyPurpose.Registration, bindingHash, contextId, user.Id, made.AttestationState, isConditional, kind);
    }

    private static JsonObject Descriptor(byte[] credentialId, IReadOnlyList<string> transports) => new()
    {
        ["type"] = "public-key",
        ["id"] = WebEncoders.Base64UrlEncode(credentialId),
        ["transports"] = new JsonArray([.. transports.Select(transport => JsonValue.Create(transport))]),
    };

    private PasskeyOptions Sealed(
        string optionsJson,
        TenantProfile tenant,
        PasskeyPurpose purpose,
        string bindingHash,
        Guid contextId,
        Guid? expectedUserId,
        string? state,
        bool isConditional = false,
        PasskeyKind kind = PasskeyKind.Any) => new(
            optionsJson,
            seal.Seal(new PasskeyCeremony(
                tenant.Id,
                purpose,
                bindingHash,
                contextId,
                expectedUserId,
                isConditional,
                state ?? throw new InvalidOperationException("A ceremony has a state."),
                time.GetUtcNow() + PasskeyCeremony.Lifetime) { Kind = kind }));
}
