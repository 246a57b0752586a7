using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoginPortal.Core.Setup;

namespace LoginPortal.Core.Tests.Architecture;

/// <summary>What reviews would otherwise have to look for in the product's sources.</summary>
public sealed class SourceTests
{
    private static readonly string[] Products = ["LoginPortal.Core", "LoginPortal", "LoginPortal.Api"];

    private static readonly string Root = FindRoot();

    [Fact]
    public void Core_References_NoHost()
    {
        var names = typeof(CoreServices).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name).ToList();

        Assert.DoesNotContain("LoginPortal", names);
        Assert.DoesNotContain("LoginPortal.Api", names);
        Assert.Empty(ProjectReferencesOf("LoginPortal.Core"));
    }

    [Theory]
    [InlineData("LoginPortal")]
    [InlineData("LoginPortal.Api")]
    public void Hosts_References_AreCoreAlone(string host) => Assert.Equal(["LoginPortal.Core.csproj"], ProjectReferencesOf(host));

    [Fact]
    public void Core_Sources_KnowNoHttpContext() => AssertNowhere(
        // Identity's passkey handler insists on one; it is given an empty one.
        SourcesOf("LoginPortal.Core").Where(source => Path.GetFileName(source.Path) is not ("PasskeyHandlers.cs" or "PasskeyVerifier.cs")),
        @"\b(I?HttpContext(Accessor)?|Microsoft\.AspNetCore\.Http)\b");

    [Fact]
    public void Steps_Sources_DoNotKnowEachOther()
    {
        var steps = SourcesOf("LoginPortal.Core").Where(file => file.Path.Contains($"SignIn{Path.DirectorySeparatorChar}Steps", StringComparison.Ordinal)).ToList();

        Assert.True(steps.Count >= 3);
        foreach (var step in steps)
        {
            var others = steps.Where(other => other != step).Select(other => Path.GetFileNameWithoutExtension(other.Path));
            AssertNowhere([step], $@"\b({string.Join('|', others)})\b");
        }
    }

    [Theory]
    [InlineData(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    [InlineData(@"\bThread\.Sleep\b")]
    [InlineData(@"\.Result\s*[;,)]")]
    [InlineData(@"\.GetAwaiter\(\)\s*\.GetResult\(\)")]
    [InlineData(@"\.Wait\(\)")]
    [InlineData(@"\basync\s+void\b")]
    public void Products_Sources_NeverContain(string pattern) => AssertNowhere(Products.SelectMany(SourcesOf), pattern);

    [Fact]
    public void AssertNowhere_TextThatIsThere_IsFound() => Assert.Throws<Xunit.Sdk.EmptyException>(
        () => AssertNowhere([("a.cs", "var now = DateTime.UtcNow;")], @"\bDateTime(Offset)?\.(UtcNow|Now)\b"));

    [Fact]
    public void Products_Sources_AreThere() => Assert.All(Products, product => Assert.NotEmpty(SourcesOf(product)));

    private static void AssertNowhere(IEnumerable<(string Path, string Text)> sources, string pattern) => Assert.Empty(
        from source in sources
        from line in source.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line.Text, pattern)
        select $"{source.Path}:{line.Number}: {line.Text.Trim()}");

    private static List<(string Path, string Text)> SourcesOf(string project)
    {
        var folder = Path.Combine(Root, project);
        return
        [
            .. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
               let relative = Path.GetRelativePath(folder, file)
               where relative.EndsWith(".cs", StringComparison.Ordinal) || relative.EndsWith(".razor", StringComparison.Ordinal)
               where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules")
               select (file, File.ReadAllText(file)),
        ];
    }

    private static IEnumerable<string> ProjectReferencesOf(string project) =>
        XDocument.Load(Path.Combine(Root, project, project + ".csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileName(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LoginPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
