namespace LoginPortal.Api.Tests;

/// <summary>A body that is sent in chunks, as clients do that do not know beforehand how long it gets.</summary>
internal sealed class ContentOfUnknownLength(byte[] body) : ByteArrayContent(body)
{
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
