using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class AccountListSqliteTests() : AccountListTests(DatabaseProvider.Sqlite);

public sealed class AccountListPostgreSqlTests() : AccountListTests(DatabaseProvider.PostgreSql);

/// <summary>Orders, filters and pages of the list of people.</summary>
public abstract class AccountListTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private static readonly (AccountSort, bool, string)[] Orders =
    [
        (AccountSort.Address, false, "ada bob cyd dan eve"),
        (AccountSort.Address, true, "eve dan cyd bob ada"),
        (AccountSort.Name, false, "ada bob dan eve cyd"),
        (AccountSort.Created, true, "eve dan cyd bob ada"),
        (AccountSort.LastSignIn, false, "ada dan eve cyd bob"),
        (AccountSort.LastSignIn, true, "bob cyd eve dan ada"),
    ];

    private static readonly (AccountState, string)[] States =
    [
        (AccountState.Active, "ada cyd dan eve"),
        (AccountState.Disabled, "bob"),
        (AccountState.Unconfirmed, "cyd"),
        (AccountState.Locked, "dan"),
        (AccountState.WithoutSecondFactor, "bob cyd dan eve"),
    ];

    private AdministratorSession _session = null!;

    private AccountDirectory Directory => Host.Services.GetRequiredService<AccountDirectory>();

    [Fact]
    public async Task List_InEachOrder_IsTheSamePagedForthAndBack()
    {
        await GivenPeopleAsync();
        foreach (var (sort, isDescending, expected) in Orders)
        {
            var query = new AccountQuery { Sort = sort, IsDescending = isDescending, IsCounted = true };
            var whole = await ListAsync(query);
            Assert.Equal((expected, 5, null, null), (NamesOf(whole), whole.Total, whole.NextCursor, whole.PreviousCursor));

            var forth = new List<string>();
            var back = new List<string>();
            var page = await ListAsync(query with { PageSize = 2 });
            Assert.Null(page.PreviousCursor);
            for (; ; page = await ListAsync(query with { PageSize = 2, Cursor = page.NextCursor }))
            {
                forth.Add(NamesOf(page));
                if (page.NextCursor is null)
                {
                    break;
                }
            }

            for (; ; page = await ListAsync(query with { PageSize = 2, Cursor = page.PreviousCursor }))
            {
                back.Insert(0, NamesOf(page));
                if (page.PreviousCursor is null)
                {
                    break;
                }
            }

            Assert.Equal(expected, string.Join(' ', forth));
            Assert.Equal(expected, string.Join(' ', back));
            Assert.Equal(3, forth.Count);
        }
    }

    [Fact]
    public async Task List_OfWhatIsSearchedFor_IsPagedForthAndBackAcrossAddressesAndNames()
    {
        await GivenPeopleAsync();

        // One by the address, one by the given name, one by the family name.
        var first = await ListAsync(new AccountQuery { Search = "d", PageSize = 2 });
        var second = await ListAsync(new AccountQuery { Search = "d", PageSize = 2, Cursor = first.NextCursor });
        var again = await ListAsync(new AccountQuery { Search = "d", PageSize = 2, Cursor = second.PreviousCursor });

        Assert.Equal(("dan cyd", "bob", "dan cyd"), (NamesOf(first), NamesOf(second), NamesOf(again)));
        Assert.Equal((null, null), (second.NextCursor, again.PreviousCursor));
    }

    [Fact]
    public async Task List_OfEachState_HasThoseOfWhomItIsTrue()
    {
        await GivenPeopleAsync();
        await AddAuthenticatorAsync();
        _session = await AsAdministratorAsync(Assurance.MultiFactor);
        for (var guess = 0; guess < AttemptReservations.FreeAttempts; guess++)
        {
            await NewBrowser().SignInAsync("dan@acme.example", OtherPassword);
        }

        foreach (var (state, expected) in States)
        {
            var page = await ListAsync(new AccountQuery { State = state, IsCounted = true });

            Assert.Equal((expected, expected.Split(' ').Length), (NamesOf(page), page.Total));
            Assert.All(page.Items, account => Assert.Equal(account.Address.StartsWith("dan", StringComparison.Ordinal), account.IsLocked));
            Assert.All(page.Items, account => Assert.Equal(account.Id == User.Id, account.HasSecondFactor));
        }
    }

    [Fact]
    public async Task Plans_OfEachOrderAndState_ReadOnlyWhatTheyShow()
    {
        await GivenPeopleAsync();
        await using var scope = Host.OpenTenant(Tenant);
        if (scope.Database is not SqlitePortalDbContext)
        {
            // With five people PostgreSQL reads the table whatever indexes there are; its plans among many are another test's.
            return;
        }

        var plans = new PlanRecorder(DatabaseProvider.Sqlite);
        var node = AddHost(builder => builder.Services.ConfigureDbContext<SqlitePortalDbContext>(options => options.AddInterceptors(plans)));
        var directory = node.Services.GetRequiredService<AccountDirectory>();
        foreach (var sort in Enum.GetValues<AccountSort>())
        {
            foreach (var isDescending in (bool[])[false, true])
            {
                foreach (var state in (AccountState?[])[null, AccountState.Active])
                {
                    var query = new AccountQuery { Sort = sort, IsDescending = isDescending, State = state, PageSize = 2, IsCounted = true };
                    var page = AnswerOf(await directory.ListAsync(_session, query, CancellationToken.None))!;
                    page = AnswerOf(await directory.ListAsync(_session, query with { Cursor = page.NextCursor }, CancellationToken.None))!;
                    AnswerOf(await directory.ListAsync(_session, query with { Cursor = page.PreviousCursor }, CancellationToken.None));
                }
            }
        }

        foreach (var state in (AccountState[])[AccountState.Disabled, AccountState.Unconfirmed])
        {
            AnswerOf(await directory.ListAsync(_session, new AccountQuery { State = state }, CancellationToken.None));
        }

        Assert.InRange(plans.Found.Count, 20, 500);
        Assert.Equal("", string.Join("\n\n", plans.Found.Where(plan => plan.Reads(DatabaseProvider.Sqlite)).Select(plan => $"{plan.Statement}\n{plan.Text}")));
        Assert.Contains(plans.Found, plan => plan.Text.Contains("IX_Users_Disabled", StringComparison.Ordinal));
    }

    private async Task GivenPeopleAsync()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        (string Name, string Given, string Family)[] people = [("bob", "Fay", "Dole"), ("cyd", "Dora", "Zorn"), ("dan", "Gil", "Hume"), ("eve", "Eve", "Moss")];
        foreach (var (name, given, family) in people)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            var now = Clock.GetUtcNow();
            await Host.CreateUserAsync(Tenant, $"{name}@acme.example", RightPassword, user =>
            {
                (user.GivenName, user.FamilyName) = (given, family);
                user.LastSignInAt = name switch { "bob" => now.AddDays(-1), "cyd" => now.AddDays(-2), _ => null };
                user.DisabledAt = name == "bob" ? now : null;
                user.EmailConfirmed = name != "cyd";
            });
        }

        _session = await AsAdministratorAsync();
    }

    private async Task<Page<AccountSummary>> ListAsync(AccountQuery query) => AnswerOf(await Directory.ListAsync(_session, query, CancellationToken.None))!;

    private static string NamesOf(Page<AccountSummary> page) => string.Join(' ', page.Items.Select(item => item.Address.Split('@')[0]));
}
