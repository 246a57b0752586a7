using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Registration;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.AccountImports;

/// <summary>
/// People from a file. It is tried out first and changes nothing; then it is imported batch by batch, each in a transaction of its own with the note of
/// how far it is. So it can be stopped at any time and goes on where it was, on whatever node, and nobody is made twice. Whoever has an account already
/// keeps it as it is. The accounts have no password; their owners choose one by mail, which shows that the address is theirs.
/// </summary>
public sealed class AccountImporter(AdministratorAccess access, Outbox outbox, TimeProvider time)
{
    /// <summary>How many people a batch has: few enough that others, who wait for the database meanwhile, do not notice.</summary>
    public const int BatchSize = 50;

    /// <summary>How long a file is kept after its upload.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    /// <summary>How many wrong rows are shown at once; all of them can be downloaded.</summary>
    public const int WrongRowsShown = 100;

    /// <summary>How many of the newest files are listed.</summary>
    public const int Listed = 20;

    /// <summary>How often a batch is tried anew when somebody else opens one of its accounts at the same moment.</summary>
    private const int Rounds = 3;

    /// <summary>Reads a file and says what would become of it. Nobody's account is touched.</summary>
    public Task<AdministrationResult<AccountImportResult>> TryOutAsync(
        AdministratorSession session, string fileName, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return access.RunAsync<AccountImportResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) => await AccountImportFile.ReadAsync(content, cancellation) switch
            {
                AccountFileResult.Read(var file) => await StoreAsync(administrator, fileName, file, cancellation),
                AccountFileResult.Unreadable(var problem, var line) => new AccountImportResult.Unreadable(problem, line),
                _ => throw new InvalidOperationException("A file is read, or it is not."),
            },
            cancellationToken);
    }

    /// <summary>How an import stands.</summary>
    public Task<AdministrationResult<AccountImportResult>> ShowAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) =>
        access.RunAsync(
            session, AdministrationRight.Tenant, (administrator, cancellation) => ViewAsync(administrator, id, cancellation), cancellationToken);

    /// <summary>The newest files, the newest first.</summary>
    public Task<AdministrationResult<IReadOnlyList<AccountImportView>>> ListAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync<IReadOnlyList<AccountImportView>>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var imports = await administrator.Database.AccountImports.AsNoTracking()
                    .OrderByDescending(import => import.CreatedAt).Take(Listed).ToListAsync(cancellation);
                return [.. imports.Select(import => AccountImportView.Of(import, administrator.User.TimeZone, []))];
            },
            cancellationToken);

    /// <summary>Hands over every wrong row, one after the other as the database gives them.</summary>
    /// <param name="session">Who.</param>
    /// <param name="id">The import.</param>
    /// <param name="write">Takes them; called only for somebody who may have them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> if there is no such import.</returns>
    public Task<AdministrationResult<bool>> ExportWrongRowsAsync(
        AdministratorSession session,
        Guid id,
        Func<IAsyncEnumerable<AccountImportRow>, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        return access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                if (!await administrator.Database.AccountImports.AnyAsync(import => import.Id == id, cancellation))
                {
                    return false;
                }

                await write(WrongRows(administrator.Database, id).AsAsyncEnumerable(), cancellation);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Imports the next <see cref="BatchSize"/> people. Of two that do so at the same time, the second goes on behind the first.</summary>
    /// <param name="session">Who.</param>
    /// <param name="id">The import.</param>
    /// <param name="sendsMails">Whether everybody is told by mail; said with the first batch, and the same for all that follow.</param>
    /// <param name="cancellationToken">Gives up; the batch has not happened then.</param>
    public Task<AdministrationResult<AccountImportResult>> ContinueAsync(
        AdministratorSession session, Guid id, bool sendsMails, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                for (var round = 1; ; round++)
                {
                    try
                    {
                        await ImportBatchAsync(administrator, id, sendsMails, cancellation);
                        return await ViewAsync(administrator, id, cancellation);
                    }
                    catch (DbUpdateException exception) when (exception.IsUniqueViolation() && round < Rounds)
                    {
                        // Somebody opened one of the accounts at the same moment. Everything was rolled back; now it is there.
                        administrator.Database.ChangeTracker.Clear();
                    }
                }
            },
            cancellationToken);

    /// <summary>Forgets a file. The accounts that were made from it stay.</summary>
    public Task<AdministrationResult<AccountImportResult>> DiscardAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) =>
        access.RunAsync<AccountImportResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) => await administrator.Database.AccountImports.Where(import => import.Id == id).ExecuteDeleteAsync(cancellation) == 1
                ? new AccountImportResult.Discarded()
                : new AccountImportResult.NotFound(),
            cancellationToken);

    private async Task<AccountImportResult> StoreAsync(
        Administrator administrator, string fileName, AccountImportFile file, CancellationToken cancellationToken)
    {
        var (database, now, tenantId) = (administrator.Database, time.GetUtcNow(), administrator.Tenant.Id);
        var id = Guid.CreateVersion7(now);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rows = file.Rows.Select(row => Check(administrator, row, id, seen)).ToList();
        var existing = 0;
        foreach (var names in rows.Where(row => row.Problem is null).Select(row => row.NormalizedAddress).Chunk(500))
        {
            existing += await database.Users.CountAsync(user => names.Contains(user.NormalizedUserName), cancellationToken);
        }

        database.AccountImports.Add(new AccountImport
        {
            Id = id,
            TenantId = tenantId,
            CreatedBy = administrator.User.Id,
            FileName = Cut(string.Concat(fileName.Where(character => !char.IsControl(character))), AccountImport.MaximumFileNameLength),
            CreatedAt = now,
            ExpiresAt = now + Retention,
            RowCount = rows.Count,
            WrongCount = rows.Count(row => row.Problem is not null),
            ExistingCount = existing,
            IgnoredColumns = [.. file.IgnoredColumns.Take(AccountImportFile.Columns.Count).Select(name => Cut(name, AccountImportRow.MaximumWordLength))],
        });
        database.AccountImportRows.AddRange(rows);
        await database.SaveChangesAsync(cancellationToken);
        database.ChangeTracker.Clear();
        return await ViewAsync(administrator, id, cancellationToken);
    }

    /// <summary>The row as it is kept, with the first thing that is wrong with it.</summary>
    private static AccountImportRow Check(Administrator administrator, AccountFileRow row, Guid importId, HashSet<string> seen)
    {
        var name = EmailAddress.Normalize(row.Address);
        AccountImportProblem? problem = row switch
        {
            { Address: "" } => AccountImportProblem.AddressMissing,
            _ when !EmailAddress.IsWellFormed(row.Address) => AccountImportProblem.AddressMalformed,
            _ when !seen.Add(name) => AccountImportProblem.AddressRepeated,
            { HasMoreFields: true } => AccountImportProblem.TooManyFields,
            _ when OwnProfile.ProblemsOf(row.GivenName, row.FamilyName).Count > 0 => AccountImportProblem.NameNotAllowed,
            _ when AccountFileRow.RoleOf(row.Role) is null => AccountImportProblem.RoleUnknown,
            _ when !administrator.MayGive(AccountFileRow.RoleOf(row.Role)!.Value) => AccountImportProblem.RoleNotAllowed,
            _ when !AccountFileRow.IsLanguage(row.Language) => AccountImportProblem.LanguageUnknown,
            _ => null,
        };
        return new AccountImportRow
        {
            ImportId = importId,
            Line = row.Line,
            TenantId = administrator.Tenant.Id,
            Address = Cut(row.Address, EmailAddress.MaximumLength),
            NormalizedAddress = Cut(name, EmailAddress.MaximumLength),
            GivenName = Cut(row.GivenName, RegistrationRules.MaximumNameLength),
            FamilyName = Cut(row.FamilyName, RegistrationRules.MaximumNameLength),
            Role = Cut(row.Role, AccountImportRow.MaximumWordLength),
            Language = Cut(row.Language, AccountImportRow.MaximumWordLength),
            Problem = problem,
        };
    }

    private async Task ImportBatchAsync(Administrator administrator, Guid id, bool sendsMails, CancellationToken cancellationToken)
    {
        var (database, now) = (administrator.Database, time.GetUtcNow());
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // Locks the row: another tab, or another administrator, waits and then goes on behind this batch.
        await database.AccountImports.Where(import => import.Id == id)
            .ExecuteUpdateAsync(update => update.SetProperty(import => import.Position, import => import.Position), cancellationToken);
        if (await database.AccountImports.SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { CompletedAt: null } import)
        {
            return;
        }

        if (import.StartedAt is null)
        {
            (import.StartedAt, import.SendsMails, import.ExistingCount) = (now, sendsMails, 0);
        }

        var rows = await database.AccountImportRows.AsNoTracking()
            .Where(row => row.ImportId == id && row.Line > import.Position && row.Problem == null)
            .OrderBy(row => row.Line)
            .Take(BatchSize + 1)
            .ToListAsync(cancellationToken);
        var isLast = rows.Count <= BatchSize;
        var batch = rows.Take(BatchSize).ToList();
        var names = batch.ConvertAll(row => row.NormalizedAddress);
        var there = (await database.Users.Where(user => names.Contains(user.NormalizedUserName!)).Select(user => user.NormalizedUserName!).ToListAsync(cancellationToken))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var row in batch.Where(row => !there.Contains(row.NormalizedAddress)))
        {
            await AddAsync(administrator, import, row, cancellationToken);
        }

        import.ExistingCount += there.Count;
        import.CreatedCount += batch.Count - there.Count;
        import.Position = batch.Count > 0 ? batch[^1].Line : import.Position;
        if (isLast)
        {
            import.CompletedAt = now;
            administrator.Record(
                SecurityEventKind.PeopleImported,
                id,
                AuditDifference.Between(null, new { Created = import.CreatedCount, AlreadyThere = import.ExistingCount, Wrong = import.WrongCount }));
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        database.ChangeTracker.Clear();
    }

    private async Task AddAsync(Administrator administrator, AccountImport import, AccountImportRow row, CancellationToken cancellationToken)
    {
        // What was allowed when the file was tried out may not be any more.
        var role = AccountFileRow.RoleOf(row.Role) is { } wanted && administrator.MayGive(wanted) ? wanted : PortalRole.Member;
        var draft = administrator.Get<AccountCreation>().PrepareWithoutPassword(
            new NewAccount(row.Address, Password: null, row.GivenName, row.FamilyName, role, EmailConfirmed: false));
        if (draft is not AccountDraft.Ready(var user))
        {
            throw new InvalidOperationException("The row was checked when it was stored.");
        }

        user.Language = row.Language.Length > 0 ? row.Language.ToLowerInvariant() : null;
        user.NormalizedUserName = user.NormalizedEmail = row.NormalizedAddress;
        administrator.Database.Users.Add(user);
        administrator.Record(SecurityEventKind.AccountCreated, user.Id, AuditDifference.Between(null, new { user.Role }), reason: "import");
        if (import.SendsMails)
        {
            await outbox.AddAsync(
                administrator.Database, administrator.Tenant, user, new MailDraft("AccountCreated") { Link = "forgot-password" }, cancellationToken);
        }
    }

    private static async Task<AccountImportResult> ViewAsync(Administrator administrator, Guid id, CancellationToken cancellationToken)
    {
        var database = administrator.Database;
        if (await database.AccountImports.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { } import)
        {
            return new AccountImportResult.NotFound();
        }

        var wrong = import.WrongCount == 0 ? [] : await WrongRows(database, id).Take(WrongRowsShown).ToListAsync(cancellationToken);
        return new AccountImportResult.Shown(AccountImportView.Of(import, administrator.User.TimeZone, wrong));
    }

    private static IQueryable<AccountImportRow> WrongRows(PortalDbContext database, Guid id) =>
        database.AccountImportRows.AsNoTracking().Where(row => row.ImportId == id && row.Problem != null).OrderBy(row => row.Line);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}

/// <summary>How an import stands.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="FileName">What the file is called.</param>
/// <param name="UploadedAt">When it was uploaded, in the administrator's time zone.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Wrong">How many of them are wrong and left out.</param>
/// <param name="Existing">How many people have an account already.</param>
/// <param name="Created">How many accounts it has made.</param>
/// <param name="SendsMails">Whether everybody whose account is made is told by mail.</param>
/// <param name="IsStarted">Whether it is more than tried out.</param>
/// <param name="IsCompleted">Whether it has come to its end.</param>
/// <param name="IgnoredColumns">The names of columns that mean nothing here.</param>
/// <param name="WrongRows">The first of the wrong rows.</param>
public sealed record AccountImportView(
    Guid Id,
    string FileName,
    DateTimeOffset UploadedAt,
    int Rows,
    int Wrong,
    int Existing,
    int Created,
    bool SendsMails,
    bool IsStarted,
    bool IsCompleted,
    IReadOnlyList<string> IgnoredColumns,
    IReadOnlyList<AccountImportRow> WrongRows)
{
    /// <summary>How many rows there are to import.</summary>
    public int Importable => Rows - Wrong;

    /// <summary>How many of them have been looked at.</summary>
    public int Done => IsStarted ? Created + Existing : 0;

    internal static AccountImportView Of(AccountImport import, string? zone, IReadOnlyList<AccountImportRow> wrongRows) => new(
        import.Id,
        import.FileName,
        TimeZones.In(zone, import.CreatedAt),
        import.RowCount,
        import.WrongCount,
        import.ExistingCount,
        import.CreatedCount,
        import.SendsMails,
        import.StartedAt is not null,
        import.CompletedAt is not null,
        import.IgnoredColumns,
        wrongRows);
}

/// <summary>What became of something that an administrator does with a file. A closed family.</summary>
public abstract record AccountImportResult
{
    private AccountImportResult()
    {
    }

    /// <summary>How the import stands now.</summary>
    /// <param name="Import">The import.</param>
    public sealed record Shown(AccountImportView Import) : AccountImportResult;

    /// <summary>The file cannot be read.</summary>
    /// <param name="Problem">Why.</param>
    /// <param name="Line">In which line; <see langword="null"/> where it is in none.</param>
    public sealed record Unreadable(AccountFileProblem Problem, int? Line) : AccountImportResult;

    /// <summary>It is forgotten.</summary>
    public sealed record Discarded : AccountImportResult;

    /// <summary>There is no such import, or no longer.</summary>
    public sealed record NotFound : AccountImportResult;
}
