using LoginPortal.Core.Totp;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>Somebody's authenticator app. Each code works once, so it goes through the steps of time rather than waiting for them.</summary>
internal sealed class AuthenticatorApp(byte[] seed)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private long _step = TotpCode.StepAt(TimeProvider.System.GetUtcNow()) - 1;

    /// <summary>The recovery codes that came with it.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private init; } = [];

    /// <summary>A code that has not been used; there are two in the time of one.</summary>
    public string NextCode() => TotpCode.Compute(seed, ++_step);

    /// <summary>Sets it up, beginning at one node and confirming at another.</summary>
    public static async Task<AuthenticatorApp> SetUpAsync(ApiClient here, ApiClient there, string token)
    {
        var seed = Decode((await here.PostAsync("/api/v1/me/mfa/totp/enable", token: token))["secret"]);
        var first = new AuthenticatorApp(seed);
        var confirmed = await there.PostAsync("/api/v1/me/mfa/totp/confirm", new { code = first.NextCode() }, token);
        return new AuthenticatorApp(seed)
        {
            _step = first._step,
            RecoveryCodes = [.. confirmed.Json["data"]!["recovery_codes"]!.AsArray().Select(code => (string)code!)],
        };
    }

    private static byte[] Decode(string base32)
    {
        var bytes = new List<byte>();
        var (value, bits) = (0, 0);
        foreach (var letter in base32)
        {
            (value, bits) = ((value << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal), bits + 5);
            if (bits >= 8)
            {
                bytes.Add((byte)(value >> (bits - 8)));
                bits -= 8;
            }
        }

        return [.. bytes];
    }
}
