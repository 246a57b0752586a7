namespace LoginPortal.Benchmarks;

/// <summary>The framework's Blazor template with accounts, made and published on the fly.</summary>
internal static class BlazorTemplate
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <BlazorDisableThrowNavigationException>true</BlazorDisableThrowNavigationException>
            <RequiresAspNetWebAssets>false</RequiresAspNetWebAssets>
            <RootNamespace>template</RootNamespace>
          </PropertyGroup>
          <ItemGroup>
            <None Update="Data/app.db" CopyToPublishDirectory="PreserveNewest" />
            <PackageReference Include="Microsoft.AspNetCore.Identity.EntityFrameworkCore" Version="10.0.14" />
            <PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="10.0.14" />
            <PackageReference Include="SQLitePCLRaw.bundle_e_sqlite3" Version="3.0.3" />
            <PackageReference Include="SQLitePCLRaw.core" Version="3.0.3" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>What only helps developers, and comes in packages that not every feed carries.</summary>
    private static readonly string[] DevelopmentOnly = ["AddDatabaseDeveloperPageExceptionFilter", "UseMigrationsEndPoint"];

    /// <returns>The published assembly.</returns>
    public static async Task<string> BuildAsync()
    {
        var folder = Path.Combine(Installation.Published, "template");
        var assembly = Path.Combine(folder, "published", "template.dll");
        if (!File.Exists(assembly))
        {
            Directory.CreateDirectory(Installation.Published);
            await ServerProcess.RunAsync("dotnet", "new", "blazor", "--auth", "Individual", "--output", folder, "--name", "template", "--no-restore");
            await File.WriteAllTextAsync(Path.Combine(folder, "template.csproj"), Project);
            var program = Path.Combine(folder, "Program.cs");
            await File.WriteAllLinesAsync(
                program,
                (await File.ReadAllLinesAsync(program)).Where(line => !DevelopmentOnly.Any(part => line.Contains(part, StringComparison.Ordinal))));
            await ServerProcess.RunAsync(
                "dotnet", "publish", folder, "--configuration", "Release", "--output", Path.Combine(folder, "published"), "--nologo", "--verbosity", "quiet", "--disable-build-servers");
        }

        return assembly;
    }

    public static Task<ServerProcess> StartAsync(string assembly) => ServerProcess.StartAsync(
        assembly,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Logging__LogLevel__Default"] = "Warning" },
        "/Account/Login");
}
