using System.Text;
using LoginPortal.Core.AccountImports;

namespace LoginPortal.Core.Tests.AccountImports;

/// <summary>What files people come in, well made and ill.</summary>
public sealed class AccountImportFileTests
{
    private const string Rows = "ada@acme.example,Ada,Lovelace\n";

    [Theory]
    [InlineData("email,given_name,family_name\nada@acme.example,Ada,Lovelace\n")]
    [InlineData("\uFEFFE-Mail;Vorname;Nachname\r\nada@acme.example;Ada;Lovelace\r\n")]
    [InlineData("Last Name\tmail\tFirst-Name\nLovelace\tada@acme.example\tAda")]
    [InlineData("\n\nfamily_name,EMAIL,department,given_name\n\n Lovelace , ada@acme.example,\"Sales, North\",\"Ada\"\n,,,\n")]
    public async Task Read_OfTheUsualForms_FindsThePerson(string text)
    {
        var row = Assert.Single((await ReadAsync(text)).Rows);

        Assert.Equal(("ada@acme.example", "Ada", "Lovelace", "", false), (row.Address, row.GivenName, row.FamilyName, row.Role, row.HasMoreFields));
    }

    [Fact]
    public async Task Read_NamesTheLinesOfTheFileAndTheColumnsThatMeanNothing()
    {
        var file = await ReadAsync("email,department,role\na@acme.example,x,admin\n\nb@acme.example,\"a \"\"b\"\"\",\nc@acme.example,x,y,z\n");

        Assert.Equal([2, 4, 5], file.Rows.Select(row => row.Line));
        Assert.Equal([false, false, true], file.Rows.Select(row => row.HasMoreFields));
        Assert.Equal(["department"], file.IgnoredColumns);
    }

    [Theory]
    [InlineData("", AccountFileProblem.Empty, null)]
    [InlineData("email,given_name\n\n,\n", AccountFileProblem.Empty, null)]
    [InlineData("ada@acme.example\nbob@acme.example\n", AccountFileProblem.NoAddressColumn, 1)]
    [InlineData("email,mail\na@acme.example,b\n", AccountFileProblem.ColumnRepeated, 1)]
    [InlineData("email\n\0\n", AccountFileProblem.NotText, null)]
    [InlineData("email,given_name\na@acme.example,A\nb@acme.example,\"B\nc@acme.example,C\n", AccountFileProblem.QuoteOpen, 3)]
    public async Task Read_OfWhatIsNoTableOfPeople_SaysWhyAndWhere(string text, AccountFileProblem problem, int? line) =>
        Assert.Equal(new AccountFileResult.Unreadable(problem, line), await TryAsync(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task Read_OfAnotherEncodingOrAWorkbook_SaysThatItIsNoText()
    {
        foreach (var bytes in (byte[][])[Encoding.Latin1.GetBytes("email,given_name\na@acme.example,Zoë\n"), Encoding.Unicode.GetBytes("email\na@acme.example\n"), [0x50, 0x4B, 3, 4, 0xFF]])
        {
            Assert.Equal(new AccountFileResult.Unreadable(AccountFileProblem.NotText), await TryAsync(bytes));
        }
    }

    [Fact]
    public async Task Read_OfTooMuch_StopsEarly()
    {
        var many = new StringBuilder("email,a,b\n").Insert(10, Rows, AccountImportFile.MaximumRows + 1).ToString();
        var huge = Encoding.UTF8.GetBytes(new StringBuilder("email,a,b\n").Insert(10, Rows, 1_000_000).ToString());
        using var content = new MemoryStream(huge);

        Assert.Equal(new AccountFileResult.Unreadable(AccountFileProblem.TooManyRows), await TryAsync(Encoding.UTF8.GetBytes(many)));
        Assert.Equal(new AccountFileResult.Unreadable(AccountFileProblem.TooLarge), await AccountImportFile.ReadAsync(content, CancellationToken.None));
        Assert.InRange(content.Position, AccountImportFile.MaximumBytes, AccountImportFile.MaximumBytes + 100_000);
        Assert.Equal(
            new AccountFileResult.Unreadable(AccountFileProblem.FieldTooLong, 2),
            await TryAsync(Encoding.UTF8.GetBytes($"email\n{new string('x', 2_000_000)}\n")));
    }

    private static async Task<AccountImportFile> ReadAsync(string text) => Assert.IsType<AccountFileResult.Read>(await TryAsync(Encoding.UTF8.GetBytes(text))).File;

    private static async Task<AccountFileResult> TryAsync(byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        return await AccountImportFile.ReadAsync(content, CancellationToken.None);
    }
}
