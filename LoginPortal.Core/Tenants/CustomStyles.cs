using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// A tenant's own rules of style: a small part of CSS, read and written anew, so that nothing gets into a style sheet that was not understood.
/// It has rules of documented class names, properties of an allow-list, and values of plain words, numbers, colours and a few functions. There is
/// no address (<c>url()</c>), no at-rule, no comment, nothing that places an element over another, hides it or draws text of its own.
/// </summary>
public static partial class CustomStyles
{
    /// <summary>How long the rules may be, in characters.</summary>
    public const int MaximumLength = 8 * 1024;

    /// <summary>The class names that rules may be for. They stay what they are from version to version.</summary>
    public static readonly FrozenSet<string> Classes = new[]
    {
        "page", "page-main", "page-art", "brand", "brand-name", "brand-logo", "card", "lead", "hint", "form", "field", "input", "check",
        "button", "button-quiet", "button-small", "notice", "person", "facts", "items", "item", "section", "footer", "footer-links",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The properties that rules may set.</summary>
    public static readonly FrozenSet<string> Properties = new[]
    {
        "color", "background-color", "border-color", "border-width", "border-style", "border-radius", "box-shadow", "font-weight", "font-size",
        "font-style", "font-variant", "letter-spacing", "line-height", "text-align", "text-transform", "text-decoration", "text-underline-offset",
        "padding", "padding-block", "padding-inline", "gap", "accent-color",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Functions =
        new[] { "rgb", "hsl", "oklch", "oklab", "color-mix", "light-dark", "var" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads the rules.</summary>
    /// <param name="text">The rules as typed; <see langword="null"/> or blank for none.</param>
    /// <param name="styles">The rules as they are to be served; empty where they are refused.</param>
    /// <param name="problem">What is refused; <see langword="null"/> where nothing is.</param>
    public static bool TryRead(string? text, out string styles, out CustomStylesProblem? problem)
    {
        (styles, problem) = ("", null);
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        if (text.Length > MaximumLength)
        {
            problem = new CustomStylesProblem(CustomStylesProblemKind.TooLong, 1, "");
            return false;
        }

        var written = new StringBuilder();
        var position = 0;
        while (text.IndexOf('{', position) is var opening and >= 0 && text.IndexOf('}', opening) is var closing and >= 0)
        {
            problem = WriteSelectors(text, position, opening, written) ?? WriteDeclarations(text, opening + 1, closing, written);
            if (problem is not null)
            {
                return false;
            }

            position = closing + 1;
        }

        if (!string.IsNullOrWhiteSpace(text[position..]))
        {
            problem = Problem(CustomStylesProblemKind.Syntax, text, position, text[position..]);
            return false;
        }

        styles = written.ToString();
        return true;
    }

    private static CustomStylesProblem? WriteSelectors(string text, int start, int end, StringBuilder written)
    {
        var separator = "";
        foreach (var (at, selector) in Split(text, start, end, ','))
        {
            if (!Selector().IsMatch(selector))
            {
                return Problem(CustomStylesProblemKind.Syntax, text, at, selector);
            }

            foreach (var name in ClassName().EnumerateMatches(selector))
            {
                if (!Classes.Contains(selector.Substring(name.Index + 1, name.Length - 1)))
                {
                    return Problem(CustomStylesProblemKind.ClassName, text, at, selector);
                }
            }

            written.Append(separator).Append(Spaces().Replace(selector, " "));
            separator = ",";
        }

        written.Append('{');
        return null;
    }

    private static CustomStylesProblem? WriteDeclarations(string text, int start, int end, StringBuilder written)
    {
        foreach (var (at, declaration) in Split(text, start, end, ';').Where(part => part.Text.Length > 0))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                return Problem(CustomStylesProblemKind.Syntax, text, at, declaration);
            }

            var (property, value) = (declaration[..colon].Trim().ToLowerInvariant(), declaration[(colon + 1)..].Trim());
            if (!Properties.Contains(property))
            {
                return Problem(CustomStylesProblemKind.Property, text, at, property);
            }

            if (!IsValue(value))
            {
                return Problem(CustomStylesProblemKind.Value, text, at, value);
            }

            written.Append(property).Append(':').Append(Spaces().Replace(value, " ")).Append(';');
        }

        written.Append('}');
        return null;
    }

    /// <summary>Words, numbers, colours, allowed functions. No negative number: with one, an element could be drawn over another, or not at all.</summary>
    private static bool IsValue(string value)
    {
        if (!Value().IsMatch(value) || value.Count(character => character == '(') != value.Count(character => character == ')'))
        {
            return false;
        }

        for (var bracket = value.IndexOf('(', StringComparison.Ordinal); bracket >= 0; bracket = value.IndexOf('(', bracket + 1))
        {
            var name = value.AsSpan(0, bracket);
            if (!Functions.Contains(name[(name.LastIndexOfAny(" ,(") + 1)..].ToString()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The parts of a stretch of text, trimmed, each with where it begins.</summary>
    private static IEnumerable<(int At, string Text)> Split(string text, int start, int end, char separator)
    {
        foreach (var part in text[start..end].Split(separator))
        {
            yield return (start + part.Length - part.TrimStart().Length, part.Trim());
            start += part.Length + 1;
        }
    }

    private static CustomStylesProblem Problem(CustomStylesProblemKind kind, string text, int position, string what)
    {
        position += what.Length - what.TrimStart().Length;
        what = what.Trim();
        return new(kind, text.AsSpan(0, position).Count('\n') + 1, what.Length > 40 ? string.Concat(what.AsSpan(0, 39), "…") : what);
    }

    [GeneratedRegex("""^\.[a-z][a-z-]*(?:\s+\.[a-z][a-z-]*)*(?::hover|:focus-visible|:active)?$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Selector();

    [GeneratedRegex("""\.[a-z][a-z-]*""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClassName();

    [GeneratedRegex("""^(?:[a-zA-Z0-9#%.,()\s/]|--?(?=[a-zA-Z]))+$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();

    [GeneratedRegex("""\s+""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}

/// <summary>Why rules of style are refused.</summary>
/// <param name="Kind">Which way they are.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="What">The part that is refused, cut to 40 characters.</param>
public sealed record CustomStylesProblem(CustomStylesProblemKind Kind, int Line, string What);

/// <summary>The ways in which rules of style can be refused.</summary>
public enum CustomStylesProblemKind
{
    /// <summary>They are longer than <see cref="CustomStyles.MaximumLength"/>.</summary>
    TooLong = 0,

    /// <summary>Not of the form <c>.class { property: value; }</c>.</summary>
    Syntax = 1,

    /// <summary>No class name that rules may be for.</summary>
    ClassName = 2,

    /// <summary>No property that rules may set.</summary>
    Property = 3,

    /// <summary>No value that is allowed: an address, a negative length, an unknown function, a character that does not belong.</summary>
    Value = 4,
}
