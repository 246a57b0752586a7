using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.Sessions;

public sealed class IpPlacesTests
{
    [Theory]
    [InlineData("203.0.113.7", "Berlin, DE")]
    [InlineData("::ffff:203.0.113.7", "Berlin, DE")]
    [InlineData("203.0.114.0", null)]
    [InlineData("198.51.100.5", "Wien")]
    [InlineData("198.51.100.21", null)]
    [InlineData("2001:db8:1::9", "Zürich")]
    [InlineData("2001:db8:2::9", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void Find_AddressInAFileOfRanges_NamesThePlace(string? address, string? place)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(
                file, ["first,last,place", "2001:db8:1::/48,Zürich", "198.51.100.0,198.51.100.20,Wien", "# a comment", "\"203.0.113.0/24\",\"Berlin\",\"DE\""]);

            Assert.Equal(place, new IpPlaces(Options.Create(new PortalOptions { PlacesPath = file })).Find(address));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Find_WithoutAFile_KnowsNothing() => Assert.Null(new IpPlaces(Options.Create(new PortalOptions())).Find("203.0.113.7"));
}
