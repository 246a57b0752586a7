using QRCoder;

namespace LoginPortal.Api.Http;

/// <summary>Draws QR codes.</summary>
internal static class QrCode
{
    /// <summary>An SVG of <paramref name="text"/>: shapes alone, black on white, no script and no reference to anything.</summary>
    public static string Draw(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return picture.GetGraphic(
            new System.Drawing.Size(232, 232), "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
