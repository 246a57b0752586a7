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
/// Test vectors of Web Authentication Level 3, section 16, as far as Identity's handler takes them: ES256 with no attestation, with self
/// attestation and with an attestation certificate. Some come without user verification, which is then not asked for.
/// </summary>
public sealed class SpecificationVectorTests() : SecondFactorTestBase(DatabaseProvider.Sqlite)
{
    private static readonly RelyingParty Party = new("example.org", ["https://example.org"]);

    public static TheoryData<Vector> Vectors { get; } =
    [
        new Vector
        {
            Name = "none.ES256",
            Credential = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
            CreateChallenge = "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
            CreateClientData = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d",
            Attestation = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
            GetChallenge = "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
            GetClientData = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
            AuthenticatorData = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
            Signature = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
        },
        new Vector
        {
            Name = "packed-self.ES256",
            Credential = "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
            CreateChallenge = "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
            CreateClientData = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a205539685458764b453255526b4d6e625f307859485667227d",
            Attestation = "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",
            GetChallenge = "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
            GetClientData = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e493352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a206754623533727a36456853576f6d58477a696d433151227d",
            AuthenticatorData = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
            Signature = "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66",
        },
        new Vector
        {
            Name = "packed.ES256",
            Credential = "c9a6f5b3462d02873fea0c56862234f99f081728084e511bb7760201a89054a5",
            CreateChallenge = "c1184a5fddf8045e13dc47f54b61f5a656b666b59018f16d870e9256e9952012",
            CreateClientData = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a227752684b58393334424634543345663153324831706c61325a725751475046746877365356756d56494249222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20396138624e596a4b436757724258552d66436c316167227d",
            Attestation = "a363666d74667061636b65646761747453746d74a363616c6726637369675847304502203f19ec4b229f46ab8c45eff29b904ff10c0390dc40bf1216f04a78f4ceba3425022100fe7041a32759aff05a0f9f26c70a999c7a284451ba89234a1d3483c25e21925b637835638159022530820221308201c8a00302010202110088c220f83c8ef1feafe94deae45faad0300a06082a8648ce3d0403023062311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c0357334331253023060355040b0c1c41757468656e74696361746f72204174746573746174696f6e204341310b30090603550406130241413020170d3234303130313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c0357334331223020060355040b0c1941757468656e74696361746f72204174746573746174696f6e310b30090603550406130241413059301306072a8648ce3d020106082a8648ce3d03010703420004a91ba4389409dd38a428141940ca8feb1ac0d7b4350558104a3777a49322f3798440f378b3398ab2d3bb7bf91322c92eb23556f59ad0a836fec4c7663b0e4dc3a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e04160414a589ba72d060842ab11f74fb246bdedab16f9b9b301f0603551d2304183016801445aff715b0dd786741fee996ebc16547a3931b1e300a06082a8648ce3d040302034700304402201726b9d85ecd8a5ed51163722ca3a20886fd9b242a0aa0453d442116075defd502207ef471e530ac87961a88a7f0d0c17b091ffc6b9238d30f79f635b417be5910e768617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b54d00000000876ca4f52071c3e9b25509ef2cdf7ed60020c9a6f5b3462d02873fea0c56862234f99f081728084e511bb7760201a89054a5a50102032620012158201cf27f25da591208a4239c2e324f104f585525479a29edeedd830f48e77aeae522582059e4b7da6c0106e206ce390c93ab98a15a5ec3887e57f0cc2bece803b920c423",
            GetChallenge = "b1106fa46a57bef1781511c0557dc898a03413d5f0f17d244630c194c7e1adb5",
            GetClientData = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2273524276704770587676463446524841565833496d4b4130453958773858306b526a44426c4d6668726255222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20415a4d77794d78496244382d756775464e7036723851227d",
            AuthenticatorData = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50d00000000",
            Signature = "30450220694969d3ee928de6f02ef23a9c644d7d779916451734a94b432542f498a1ebe90221008b0819c824218a97152cd099c55bfb1477b29d900a49a64018314f9bfccda163",
        },
    ];

    [Theory]
    [MemberData(nameof(Vectors))]
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

    public sealed record Vector
    {
        public required string Name { get; init; }

        public required string Credential { get; init; }

        public required string CreateChallenge { get; init; }

        public required string CreateClientData { get; init; }

        public required string Attestation { get; init; }

        public required string GetChallenge { get; init; }

        public required string GetClientData { get; init; }

        public required string AuthenticatorData { get; init; }

        public required string Signature { get; init; }

        /// <summary>The sixteen bytes before the credential identifier and its length.</summary>
        internal Guid Aaguid => new(
            Convert.FromHexString(Attestation.AsSpan(Attestation.LastIndexOf("0020" + Credential, StringComparison.Ordinal) - 32, 32)), bigEndian: true);

        public override string ToString() => Name;
    }
}
