using System.Diagnostics;
using System.Globalization;
using System.Web;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>
/// An authenticator app that knows nothing but what the screen shows: zbar reads the QR code from a picture of the page, oathtool
/// computes the codes.
/// </summary>
public sealed class AuthenticatorApp
{
    private readonly ShiftedClock _clock;

    private AuthenticatorApp(Uri uri, ShiftedClock clock)
    {
        Uri = uri;
        _clock = clock;
    }

    /// <summary>What the QR code says.</summary>
    public Uri Uri { get; }

    /// <summary>Photographs the QR code of a page.</summary>
    public static async Task<AuthenticatorApp> ScanAsync(PortalPage page)
    {
        var photo = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.png");
        try
        {
            await page.Page.GetByRole(AriaRole.Img, new() { Name = page.Tab.Word("Enrolment.QrCode") }).ScreenshotAsync(new() { Path = photo });
            var text = await RunAsync("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", photo);
            return new AuthenticatorApp(new Uri(text), page.Tab.Visitor.Portal.Clock);
        }
        finally
        {
            File.Delete(photo);
        }
    }

    /// <summary>The next code. The clock goes on by one step, because a code works once.</summary>
    public Task<string> NextCodeAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        return RunAsync(
            "oathtool",
            "--totp",
            "--base32",
            string.Create(CultureInfo.InvariantCulture, $"--now={_clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC"),
            HttpUtility.ParseQueryString(Uri.Query)["secret"]!);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).Trim() : throw new InvalidOperationException($"{program}: {await errors}");
    }
}
