using System.Text.Json.Nodes;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Tests.SecondFactors;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Passkeys;

/// <summary>
/// Test vectors of Web Authentication Level 3, section 16, as far as Identity's handler takes them: without attestation, with one by the key itself,
/// by a certificate and as U2F has it. Some come without user verification, which is then not asked for. The framework cannot verify Ed25519 and
/// Ed448; attestations of TPM, Android and Apple hold the same keys in other envelopes, which are not opened.
/// </summary>
public sealed class SpecificationVectorTests() : SecondFactorTestBase(DatabaseProvider.Sqlite)
{
    private static readonly RelyingParty Party = new("example.org", ["https://example.org"]);

    [Theory]
    [MemberData(nameof(SpecificationVectors.Good), MemberType = typeof(SpecificationVectors))]
    public async Task Handler_VectorOfTheSpecification_IsAcceptedAndNotWithAnotherChallenge(Vector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        await GivenAsync();
        var made = await AttestAsync(vector, vector.CreateChallenge);
        Assert.True(made.Succeeded, made.Failure?.Message);
        Assert.False((await AttestAsync(vector, vector.GetChallenge)).Succeeded);
        Assert.Equal(vector.Aaguid, CredentialJson.AaguidOf(made.Passkey.AttestationObject));
        await using (var scope = Host.OpenTenant(Tenant))
        {
            scope.Database.Passkeys.Add(new Passkey
            {
                Id = Guid.NewGuid(),
                TenantId = Tenant.Id,
                UserId = User.Id,
                CredentialId = made.Passkey.CredentialId,
                PublicKey = made.Passkey.PublicKey,
                SignCount = made.Passkey.SignCount,
                Transports = [],
                Aaguid = Guid.Empty,
                Name = "",
                IsUserVerified = made.Passkey.IsUserVerified,
                SignsInAlone = true,
                IsBackupEligible = made.Passkey.IsBackupEligible,
                IsBackedUp = made.Passkey.IsBackedUp,
                CreatedAt = Clock.GetUtcNow(),
            });
            await scope.Database.SaveChangesAsync();
        }

        var asserted = await AssertAsync(vector, vector.GetChallenge);
        Assert.True(asserted.Succeeded, asserted.Failure?.Message);
        Assert.False((await AssertAsync(vector, vector.CreateChallenge)).Succeeded);
    }

    [Theory]
    [MemberData(nameof(SpecificationVectors.CrossOrigin), MemberType = typeof(SpecificationVectors))]
    public async Task Handler_VectorFromAPageWithinAnother_IsRefused(Vector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        await GivenAsync();

        var made = await AttestAsync(vector, vector.CreateChallenge);

        Assert.Contains("invalid origin", made.Failure?.Message, StringComparison.Ordinal);
    }

    private static string Encode(string hex) => WebEncoders.Base64UrlEncode(Convert.FromHexString(hex));

    private static string WithChallenge(string state, string challenge)
    {
        var node = JsonNode.Parse(state)!;
        var member = node.AsObject().Single(pair => pair.Key.Equals("challenge", StringComparison.OrdinalIgnoreCase)).Key;
        node[member] = Convert.ToBase64String(Convert.FromHexString(challenge));
        return node.ToJsonString();
    }

    private static string Credential(Vector vector, JsonObject response) => new JsonObject
    {
        ["id"] = Encode(vector.Credential),
        ["rawId"] = Encode(vector.Credential),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private async Task<PasskeyAttestationResult> AttestAsync(Vector vector, string challenge)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var handler = scope.Services.GetRequiredService<PasskeyHandlers>().For(Party, PasskeyHandlers.VerificationDiscouraged);
        var entity = new PasskeyUserEntity { Id = User.Id.ToString(), Name = Address, DisplayName = Address };
        var options = await handler.MakeCreationOptionsAsync(entity, PasskeyHandlers.NoRequest);
        return await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = PasskeyHandlers.NoRequest,
            AttestationState = WithChallenge(options.AttestationState!, challenge),
            CredentialJson = Credential(vector, new JsonObject
            {
                ["clientDataJSON"] = Encode(vector.CreateClientData),
                ["attestationObject"] = Encode(vector.Attestation),
            }),
        });
    }

    private async Task<PasskeyAssertionResult<PortalUser>> AssertAsync(Vector vector, string challenge)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var handler = scope.Services.GetRequiredService<PasskeyHandlers>().For(Party, PasskeyHandlers.VerificationDiscouraged);
        var options = await handler.MakeRequestOptionsAsync(User, PasskeyHandlers.NoRequest);
        return await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = PasskeyHandlers.NoRequest,
            AssertionState = WithChallenge(options.AssertionState!, challenge),
            CredentialJson = Credential(vector, new JsonObject
            {
                ["clientDataJSON"] = Encode(vector.GetClientData),
                ["authenticatorData"] = Encode(vector.AuthenticatorData),
                ["signature"] = Encode(vector.Signature),
            }),
        });
    }
}
