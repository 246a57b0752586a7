using System.Text.Json;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>Chromium's own authenticator in software, plugged into one tab over the DevTools protocol.</summary>
public sealed class VirtualAuthenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;
    private readonly IPage _page;

    private VirtualAuthenticator(ICDPSession session, string id, IPage page) => (_session, _id, _page) = (session, id, page);

    /// <param name="tab">The tab.</param>
    /// <param name="isResident">Whether it keeps passkeys that need no list; a plain security key does not.</param>
    /// <param name="verifies">Whether it can check who the person is.</param>
    /// <param name="isPlatform">Whether it is part of the device.</param>
    public static async Task<VirtualAuthenticator> PlugInAsync(
        Tab tab, bool isResident = true, bool verifies = true, bool isPlatform = true)
    {
        ArgumentNullException.ThrowIfNull(tab);
        var session = await tab.Visitor.Context.NewCDPSessionAsync(tab.Page);
        await session.SendAsync("WebAuthn.enable", Arguments(new { enableUI = false }));
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", Arguments(new
        {
            options = new
            {
                protocol = "ctap2",
                ctap2Version = "ctap2_1",
                transport = isPlatform ? "internal" : "usb",
                hasResidentKey = isResident,
                hasUserVerification = verifies,
                isUserVerified = verifies,
                automaticPresenceSimulation = true,
            },
        }));
        return new VirtualAuthenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!, tab.Page);
    }

    /// <summary>Whether somebody touches it by themselves, as a person does who wants to. Otherwise every request waits.</summary>
    public Task TouchAsync(bool touches = true) =>
        _session.SendAsync("WebAuthn.setAutomaticPresenceSimulation", Arguments(new { authenticatorId = _id, enabled = touches }));

    /// <summary>Whether its check of the person succeeds.</summary>
    public Task VerifyAsync(bool succeeds) =>
        _session.SendAsync("WebAuthn.setUserVerified", Arguments(new { authenticatorId = _id, isUserVerified = succeeds }));

    public async Task<IReadOnlyList<JsonElement>> CredentialsAsync()
    {
        var answer = await _session.SendAsync("WebAuthn.getCredentials", Arguments(new { authenticatorId = _id }));
        return [.. answer!.Value.GetProperty("credentials").EnumerateArray()];
    }

    /// <summary>Waits until it keeps this many passkeys; the browser tells it in its own time.</summary>
    public async Task ExpectCountAsync(int count)
    {
        for (var frame = 0; frame < 300 && (await CredentialsAsync()).Count != count; frame++)
        {
            await _page.EvaluateAsync("() => new Promise(resolve => requestAnimationFrame(resolve))");
        }

        Assert.Equal(count, (await CredentialsAsync()).Count);
    }

    /// <summary>Puts its only passkey back as it was a while ago, as a copy would have it.</summary>
    public async Task SetCounterAsync(int signCount)
    {
        var credential = (await CredentialsAsync())[0];
        await _session.SendAsync("WebAuthn.removeCredential", Arguments(new { authenticatorId = _id, credentialId = credential.GetProperty("credentialId").GetString() }));
        await _session.SendAsync("WebAuthn.addCredential", Arguments(new
        {
            authenticatorId = _id,
            credential = new
            {
                credentialId = credential.GetProperty("credentialId").GetString(),
                isResidentCredential = credential.GetProperty("isResidentCredential").GetBoolean(),
                rpId = credential.GetProperty("rpId").GetString(),
                privateKey = credential.GetProperty("privateKey").GetString(),
                userHandle = credential.GetProperty("userHandle").GetString(),
                signCount,
            },
        }));
    }

    private static Dictionary<string, object> Arguments(object values) =>
        JsonSerializer.SerializeToElement(values).EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value, StringComparer.Ordinal);
}
