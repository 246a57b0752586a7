using System.Reflection;
using System.Text.RegularExpressions;
using LoginPortal.Tests.Texts;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Tests.Architecture;

/// <summary>How the hosts are built, read from their sources.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("LoginPortal", "LoginPortal.Api")]
    [InlineData("LoginPortal.Api", "LoginPortal")]
    [InlineData("LoginPortal.Core", "LoginPortal")]
    [InlineData("LoginPortal.Core", "LoginPortal.Api")]
    public void Project_OfOneHost_DoesNotReferToTheOther(string project, string other)
    {
        var text = File.ReadAllText(Path.Combine(TextFiles.Root, project, project + ".csproj"));

        Assert.DoesNotContain($"/{other}.csproj", text.Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LoginPortal")]
    [InlineData("LoginPortal.Api")]
    public void Program_OfAHost_OnlyPutsItTogether(string project)
    {
        var lines = File.ReadAllLines(Path.Combine(TextFiles.Root, project, "Program.cs"));

        Assert.InRange(lines.Length, 1, 39);
        Assert.DoesNotContain(lines, line => Regex.IsMatch(line, @"\b(class|record|static|Map(Get|Post)|Services\.Add\w+)\b"));
    }

    [Fact]
    public void Time_InTheSources_IsAlwaysAskedOfTheClock() => Assert.Empty(
        TextFiles.Sources("LoginPortal", "LoginPortal.Core", "LoginPortal.Api")
            .Where(source => Regex.IsMatch(source.Text, @"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b"))
            .Select(source => source.Path));

    /// <summary>
    /// The framework tells every component that reads the query of a new address while it goes through them: one that appears or goes away
    /// meanwhile, as a part of a page does, breaks the circuit.
    /// </summary>
    [Fact]
    public void Query_OfTheAddress_IsReadByPagesAlone() => Assert.DoesNotContain(
        typeof(LoginPortal.Components.Routes).Assembly.GetTypes().Where(type => !type.IsAbstract && !type.IsDefined(typeof(RouteAttribute))),
        type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(property => property.IsDefined(typeof(SupplyParameterFromQueryAttribute))));

    [Fact]
    public void Components_InTheSources_WriteNoMarkupThatTheyDidNotEncode() => Assert.DoesNotContain(
        TextFiles.Sources("LoginPortal"),
        source => source.Text.Contains("MarkupString", StringComparison.Ordinal)
            && !source.Text.Contains("HtmlEncode", StringComparison.Ordinal)
            && !source.Path.EndsWith("TotpSetup.razor", StringComparison.Ordinal)); // a QR code: paths that the library draws, no text
}
