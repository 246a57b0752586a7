using System.Collections;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>Looks at one section of the configuration as a whole.</summary>
public interface IConfigurationCheck
{
    /// <summary>Everything that is wrong with it, each a sentence that names the setting.</summary>
    IEnumerable<string> FindProblems();
}

/// <summary>
/// Looks at a section for settings that there are not, values of the wrong kind and values that the rules refuse, and tells all of it at once: the
/// framework would stop at the first value that it cannot read, and overlook a name that is misspelt.
/// </summary>
internal sealed class ConfigurationCheck<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TOptions>(
    string section, IConfiguration configuration, IEnumerable<IConfigureOptions<TOptions>> configure, IEnumerable<IValidateOptions<TOptions>> rules) : IConfigurationCheck
    where TOptions : class, new()
{
    public IEnumerable<string> FindProblems()
    {
        var problems = new List<string>();
        var readable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Look(configuration.GetSection(section), typeof(TOptions), problems, readable);
        var options = Bind(readable, isWhole: problems.Count == 0);
        problems.AddRange(rules.Select(rule => rule.Validate(Options.DefaultName, options)).Where(result => result.Failed).SelectMany(result => result.Failures ?? []));
        return problems.Distinct(StringComparer.Ordinal);
    }

    private TOptions Bind(Dictionary<string, string?> readable, bool isWhole)
    {
        var options = new TOptions();
        if (!isWhole)
        {
            // What can be read, is: so that the rules are asked about everything but the values that were found fault with.
            new ConfigurationBuilder().AddInMemoryCollection(readable).Build().GetSection(section).Bind(options);
        }

        foreach (var step in configure)
        {
            try
            {
                step.Configure(options);
            }
            catch (InvalidOperationException) when (!isWhole)
            {
                // The step that stops at the first value that it cannot read.
            }
        }

        return options;
    }

    private static void Look(IConfigurationSection found, Type type, List<string> problems, Dictionary<string, string?> readable)
    {
        foreach (var child in found.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
            if (property is null)
            {
                problems.Add($"{child.Path} is no setting.{Suggest(child.Key, type)}");
            }
            else if (property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            {
                foreach (var (key, value) in child.AsEnumerable())
                {
                    readable[key] = value;
                }
            }
            else if (TypeDescriptor.GetConverter(property.PropertyType) is var converter && converter.CanConvertFrom(typeof(string)))
            {
                LookAtValue(child, property.PropertyType, converter, problems, readable);
            }
            else
            {
                Look(child, property.PropertyType, problems, readable);
            }
        }
    }

    private static void LookAtValue(IConfigurationSection found, Type type, TypeConverter converter, List<string> problems, Dictionary<string, string?> readable)
    {
        // An empty value is one that was not given.
        if (string.IsNullOrEmpty(found.Value) || converter.IsValid(found.Value) || type == typeof(Uri))
        {
            readable[found.Path] = found.Value;
        }
        else
        {
            problems.Add($"{found.Path} must be {KindOf(Nullable.GetUnderlyingType(type) ?? type)}, not '{found.Value}'.");
        }
    }

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => string.Join(" or ", Enum.GetNames(type)),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:30 or 7.00:00:00",
        _ => "a whole number",
    };

    private static string Suggest(string key, Type type)
    {
        var near = type.GetProperties()
            .Where(property => property.SetMethod is not null || property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            .Select(property => (property.Name, Distance: Distance(property.Name.ToUpperInvariant(), key.ToUpperInvariant())))
            .MinBy(candidate => candidate.Distance);
        return near.Name is not null && near.Distance <= 3 ? $" Is {near.Name} meant?" : "";
    }

    /// <summary>How many letters must be added, removed or replaced to make one word of the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}

/// <summary>Registers sections of the configuration.</summary>
public static class CheckedOptions
{
    /// <summary>Options bound to a section, whose whole content is checked at start.</summary>
    /// <param name="services">Where they are registered.</param>
    /// <param name="section">The section.</param>
    public static OptionsBuilder<TOptions> AddCheckedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TOptions>(
        this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        services.AddSingleton<IConfigurationCheck>(provider => ActivatorUtilities.CreateInstance<ConfigurationCheck<TOptions>>(provider, section));
        return services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }
}
