namespace LoginPortal.Core.AccountImports;

/// <summary>
/// A file of people that an administrator has uploaded: tried out at first, then imported batch by batch. It is kept for a week, so that an import that
/// was interrupted goes on where it was, on whatever node.
/// </summary>
public sealed class AccountImport
{
    /// <summary>The longest name of a file that is kept, in characters.</summary>
    public const int MaximumFileNameLength = 200;

    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Who uploaded it; <see langword="null"/> once that person is no more.</summary>
    public Guid? CreatedBy { get; set; }

    /// <summary>What the file is called.</summary>
    public required string FileName { get; init; }

    /// <summary>When it was uploaded, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when it is deleted, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many rows it has, blank lines and the header aside.</summary>
    public required int RowCount { get; init; }

    /// <summary>How many of them are wrong.</summary>
    public required int WrongCount { get; set; }

    /// <summary>How many people have an account already: as it was when the file was tried out, and as it turned out once the import has begun.</summary>
    public required int ExistingCount { get; set; }

    /// <summary>How many accounts it has made.</summary>
    public int CreatedCount { get; set; }

    /// <summary>The line up to which it has been imported.</summary>
    public int Position { get; set; }

    /// <summary>Whether everybody whose account is made is told by mail.</summary>
    public bool SendsMails { get; set; }

    /// <summary>When the import began, UTC; <see langword="null"/> while the file has only been tried out.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it came to its end, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>The names of columns that mean nothing here.</summary>
    public required IReadOnlyList<string> IgnoredColumns { get; init; }
}

/// <summary>A person in an uploaded file.</summary>
public sealed class AccountImportRow
{
    /// <summary>The longest text that is kept of a role or a language, in characters.</summary>
    public const int MaximumWordLength = 40;

    /// <summary>The import.</summary>
    public required Guid ImportId { get; init; }

    /// <summary>The line in the file, the header being the first.</summary>
    public required int Line { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The address as it is in the file, cut to the longest that there can be.</summary>
    public required string Address { get; init; }

    /// <summary>The address in the form in which it is looked up.</summary>
    public required string NormalizedAddress { get; init; }

    /// <summary>Given name; may be empty.</summary>
    public required string GivenName { get; init; }

    /// <summary>Family name; may be empty.</summary>
    public required string FamilyName { get; init; }

    /// <summary>What the person may do, as it is in the file; may be empty.</summary>
    public required string Role { get; init; }

    /// <summary>The language, as it is in the file; may be empty.</summary>
    public required string Language { get; init; }

    /// <summary>What is wrong with the row; <see langword="null"/> if nothing is.</summary>
    public AccountImportProblem? Problem { get; set; }
}

/// <summary>What can be wrong with a row. The values are stored: they never change.</summary>
public enum AccountImportProblem
{
    /// <summary>It has no address.</summary>
    AddressMissing = 0,

    /// <summary>What stands there cannot be an address.</summary>
    AddressMalformed = 1,

    /// <summary>A row above has the same address.</summary>
    AddressRepeated = 2,

    /// <summary>A name is longer than a name can be, or holds what no name holds.</summary>
    NameNotAllowed = 3,

    /// <summary>There is no such role.</summary>
    RoleUnknown = 4,

    /// <summary>The administrator may not give the role.</summary>
    RoleNotAllowed = 5,

    /// <summary>The portal does not speak the language.</summary>
    LanguageUnknown = 6,

    /// <summary>It has more fields than the header.</summary>
    TooManyFields = 7,
}

/// <summary>Why a file cannot be read at all.</summary>
public enum AccountFileProblem
{
    /// <summary>It is larger than <see cref="AccountImportFile.MaximumBytes"/>.</summary>
    TooLarge = 0,

    /// <summary>It is not text in UTF-8: a workbook, for instance, or a text in another encoding.</summary>
    NotText = 1,

    /// <summary>It has no row below its header.</summary>
    Empty = 2,

    /// <summary>No column holds addresses.</summary>
    NoAddressColumn = 3,

    /// <summary>Two columns mean the same.</summary>
    ColumnRepeated = 4,

    /// <summary>It has more rows than <see cref="AccountImportFile.MaximumRows"/>.</summary>
    TooManyRows = 5,

    /// <summary>A quotation mark is opened and not closed in the same line.</summary>
    QuoteOpen = 6,

    /// <summary>A field is longer than any value can be.</summary>
    FieldTooLong = 7,
}
