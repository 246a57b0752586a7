using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LoginPortal.Tests.Texts;

/// <summary>The portal's words and sources, as they stand in the repository.</summary>
internal static class TextFiles
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyDictionary<string, string> English { get; } = Read("PortalTexts.resx");

    public static IReadOnlyDictionary<string, string> German { get; } = Read("PortalTexts.de.resx");

    /// <summary>Every source of the hosts and of Core, with its path below the root.</summary>
    public static IReadOnlyList<(string Path, string Text)> Sources(params string[] projects) =>
    [
        .. from project in projects
           let folder = Path.Combine(Root, project)
           from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
           let relative = Path.GetRelativePath(Root, file)
           where Path.GetExtension(file) is ".cs" or ".razor"
           where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
           select (relative, File.ReadAllText(file)),
    ];

    /// <summary>The numbered gaps of a text, such as {0}.</summary>
    public static IEnumerable<string> PlaceholdersOf(string text) =>
        Regex.Matches(text, @"\{[^}]*\}").Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Read(string name) =>
        XDocument.Load(Path.Combine(Root, "LoginPortal.Core", "Texts", name)).Descendants("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

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
