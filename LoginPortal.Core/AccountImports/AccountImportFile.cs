using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.AccountImports;

/// <summary>
/// Reads a file of people: comma, semicolon or tab between the fields, as the header has them, quoted as RFC 4180 says, in UTF-8. The header names the
/// columns, in whatever order; only <c>email</c> must be there.
/// </summary>
public sealed class AccountImportFile
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaximumBytes = 5 * 1024 * 1024;

    /// <summary>The most people in one file.</summary>
    public const int MaximumRows = 10_000;

    /// <summary>The columns as the template has them.</summary>
    public static readonly IReadOnlyList<string> Columns = ["email", "given_name", "family_name", "role", "language"];

    private static readonly char[] Delimiters = [',', ';', '\t'];

    /// <summary>The longest field that is read, in characters: beyond it a quotation mark has most likely not been closed.</summary>
    private const int LongestField = 4096;

    /// <summary>What columns are called elsewhere, in the form of <see cref="NameOf"/>.</summary>
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["e_mail"] = "email", ["mail"] = "email", ["email_address"] = "email", ["e_mail_address"] = "email", ["e_mail_adresse"] = "email", ["username"] = "email",
        ["first_name"] = "given_name", ["firstname"] = "given_name", ["givenname"] = "given_name", ["vorname"] = "given_name",
        ["last_name"] = "family_name", ["lastname"] = "family_name", ["surname"] = "family_name", ["familyname"] = "family_name", ["nachname"] = "family_name",
        ["rolle"] = "role", ["sprache"] = "language", ["locale"] = "language",
    };

    private AccountImportFile(IReadOnlyList<AccountFileRow> rows, IReadOnlyList<string> ignoredColumns)
    {
        Rows = rows;
        IgnoredColumns = ignoredColumns;
    }

    /// <summary>The rows, in the order of the file.</summary>
    public IReadOnlyList<AccountFileRow> Rows { get; }

    /// <summary>The names of columns that mean nothing here.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="content">The file; no more than <see cref="MaximumBytes"/> of it are read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AccountFileResult> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaximumBytes)
            {
                return new AccountFileResult.Unreadable(AccountFileProblem.TooLarge);
            }
        }

        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            return new AccountFileResult.Unreadable(AccountFileProblem.NotText);
        }

        return text.Contains('\0', StringComparison.Ordinal)
            ? new AccountFileResult.Unreadable(AccountFileProblem.NotText)
            : await ParseAsync(text.TrimStart('\uFEFF'), cancellationToken);
    }

    private static async Task<AccountFileResult> ParseAsync(string text, CancellationToken cancellationToken)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = DelimiterOf(text),
            MaxFieldSize = LongestField,
            BadDataFound = null,
            IgnoreBlankLines = true,
            TrimOptions = TrimOptions.Trim,
        };
        using var parser = new CsvParser(new StringReader(text), configuration);
        var line = 0;
        try
        {
            if (!await parser.ReadAsync())
            {
                return new AccountFileResult.Unreadable(AccountFileProblem.Empty);
            }

            var names = parser.Record!;
            var header = names.Select(NameOf).ToList();
            if (header.Where(Columns.Contains).GroupBy(name => name, StringComparer.Ordinal).Any(group => group.Count() > 1))
            {
                return new AccountFileResult.Unreadable(AccountFileProblem.ColumnRepeated, 1);
            }

            if (!header.Contains(Columns[0], StringComparer.Ordinal))
            {
                return new AccountFileResult.Unreadable(AccountFileProblem.NoAddressColumn, 1);
            }

            var rows = new List<AccountFileRow>();
            for (line = parser.RawRow; await parser.ReadAsync(); line = parser.RawRow)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var record = parser.Record!;
                if (record.Any(field => field.AsSpan().IndexOfAny('\r', '\n') >= 0))
                {
                    return new AccountFileResult.Unreadable(AccountFileProblem.QuoteOpen, line + 1);
                }

                if (rows.Count == MaximumRows)
                {
                    return new AccountFileResult.Unreadable(AccountFileProblem.TooManyRows);
                }

                if (record.Any(field => field.Length > 0))
                {
                    rows.Add(RowOf(parser.RawRow, header, record));
                }
            }

            return rows.Count == 0
                ? new AccountFileResult.Unreadable(AccountFileProblem.Empty)
                : new AccountFileResult.Read(new AccountImportFile(rows, [.. names.Where(name => name.Length > 0 && !Columns.Contains(NameOf(name)))]));
        }
        catch (MaxFieldSizeException)
        {
            return new AccountFileResult.Unreadable(AccountFileProblem.FieldTooLong, line + 1);
        }
    }

    private static AccountFileRow RowOf(int line, List<string> header, string[] record)
    {
        return new AccountFileRow(
            line, Field(0), Field(1), Field(2), Field(3), Field(4), record.Skip(header.Count).Any(field => field.Length > 0));

        string Field(int column)
        {
            var index = header.IndexOf(Columns[column]);
            return index >= 0 && index < record.Length ? record[index] : "";
        }
    }

    /// <summary>A column's name without case, with one underscore for whatever stands between its words.</summary>
    private static string NameOf(string column)
    {
        var words = column.ToLowerInvariant().Split([' ', '-', '_', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var name = string.Join('_', words);
        return OtherNames.GetValueOrDefault(name, name);
    }

    /// <summary>What stands between the names in the header most often.</summary>
    private static string DelimiterOf(string text)
    {
        var end = text.AsSpan().TrimStart("\r\n").IndexOfAny('\r', '\n');
        var header = end < 0 ? text : text.TrimStart('\r', '\n')[..end];
        return Delimiters.MaxBy(delimiter => header.Count(character => character == delimiter)).ToString();
    }
}

/// <summary>A row as it stands in the file.</summary>
/// <param name="Line">Its line, the header being the first.</param>
/// <param name="Address">The address.</param>
/// <param name="GivenName">The given name; may be empty.</param>
/// <param name="FamilyName">The family name; may be empty.</param>
/// <param name="Role">The role; may be empty.</param>
/// <param name="Language">The language; may be empty.</param>
/// <param name="HasMoreFields">Whether there is more in it than the header has names for.</param>
public sealed record AccountFileRow(int Line, string Address, string GivenName, string FamilyName, string Role, string Language, bool HasMoreFields)
{
    /// <summary>The role that the word means, a member where there is none; <see langword="null"/> if it means nothing.</summary>
    public static PortalRole? RoleOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.ToUpperInvariant() switch
        {
            "" or "MEMBER" or "MITGLIED" => PortalRole.Member,
            "ADMINISTRATOR" or "ADMIN" => PortalRole.TenantAdministrator,
            _ => null,
        };
    }

    /// <summary>Whether the word is a language of the portal, or there is none.</summary>
    public static bool IsLanguage(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length == 0 || TextCatalog.Languages.Contains(word.ToLowerInvariant());
    }
}

/// <summary>What became of reading a file. A closed family.</summary>
public abstract record AccountFileResult
{
    private AccountFileResult()
    {
    }

    /// <summary>It was read; rows may still be wrong.</summary>
    /// <param name="File">What is in it.</param>
    public sealed record Read(AccountImportFile File) : AccountFileResult;

    /// <summary>It cannot be read.</summary>
    /// <param name="Problem">Why.</param>
    /// <param name="Line">In which line; <see langword="null"/> where it is in none.</param>
    public sealed record Unreadable(AccountFileProblem Problem, int? Line = null) : AccountFileResult;
}
