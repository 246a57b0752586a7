using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class CustomStylesTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  \n ", "")]
    [InlineData(".button { text-transform: uppercase; letter-spacing: 0.05em }", ".button{text-transform:uppercase;letter-spacing:0.05em;}")]
    [InlineData(".card .button:hover,\n .card{color:color-mix(in oklab, var(--accent) 50%, #fff)}", ".card .button:hover,.card{color:color-mix(in oklab, var(--accent) 50%, #fff);}")]
    [InlineData(".lead{}.hint { COLOR : rgb(1 2 3 / 50%); ; }", ".lead{}.hint{color:rgb(1 2 3 / 50%);}")]
    public void TryRead_RulesWithinTheList_AreWrittenAnew(string? text, string styles)
    {
        Assert.True(CustomStyles.TryRead(text, out var written, out var problem));
        Assert.Equal((styles, null), (written, problem));
    }

    [Theory]
    [InlineData("body { color: red }", CustomStylesProblemKind.Syntax)]
    [InlineData(".card > .button { color: red }", CustomStylesProblemKind.Syntax)]
    [InlineData(".input[value^=a] { color: red }", CustomStylesProblemKind.Syntax)]
    [InlineData("@import 'x'; .card { color: red }", CustomStylesProblemKind.Syntax)]
    [InlineData("@media print { .card { color: red } }", CustomStylesProblemKind.Syntax)]
    [InlineData("/* */ .card { color: red }", CustomStylesProblemKind.Syntax)]
    [InlineData(".card { color: red", CustomStylesProblemKind.Syntax)]
    [InlineData(".card { color: red } }", CustomStylesProblemKind.Syntax)]
    [InlineData(".card { color }", CustomStylesProblemKind.Syntax)]
    [InlineData(".card { { color: red } }", CustomStylesProblemKind.Property)]
    [InlineData(".card, .skip-link { color: red }", CustomStylesProblemKind.ClassName)]
    [InlineData(".card { position: fixed }", CustomStylesProblemKind.Property)]
    [InlineData(".card { display: none }", CustomStylesProblemKind.Property)]
    [InlineData(".card { content: 'x' }", CustomStylesProblemKind.Property)]
    [InlineData(".card { --accent: red }", CustomStylesProblemKind.Property)]
    [InlineData(".card { background-color: url(https://evil.example) }", CustomStylesProblemKind.Value)]
    [InlineData(".card { background-color: image-set(x) }", CustomStylesProblemKind.Value)]
    [InlineData(".card { background-color: URL(x) }", CustomStylesProblemKind.Value)]
    [InlineData(".card { background-color: u\\72l(x) }", CustomStylesProblemKind.Value)]
    [InlineData(".card { padding: -5rem }", CustomStylesProblemKind.Value)]
    [InlineData(".card { padding: calc(1px) }", CustomStylesProblemKind.Value)]
    [InlineData(".card { letter-spacing: -.5em }", CustomStylesProblemKind.Value)]
    [InlineData(".card { color: red !important }", CustomStylesProblemKind.Value)]
    [InlineData(".card { color: \"red\" }", CustomStylesProblemKind.Value)]
    [InlineData(".card { color: rgb(1,2,3 }", CustomStylesProblemKind.Value)]
    [InlineData(".card { color: </style> }", CustomStylesProblemKind.Value)]
    public void TryRead_AnythingElse_IsRefusedWhole(string text, CustomStylesProblemKind kind)
    {
        Assert.False(CustomStyles.TryRead(".lead { color: red }\n" + text, out var written, out var problem));
        Assert.Equal(("", kind, 2), (written, problem!.Kind, problem.Line));
    }

    [Fact]
    public void TryRead_MoreThanFits_IsRefused()
    {
        Assert.False(CustomStyles.TryRead(new string(' ', CustomStyles.MaximumLength) + ".", out _, out var problem));
        Assert.Equal(CustomStylesProblemKind.TooLong, problem!.Kind);
    }

    [Fact]
    public void TryRead_AnyInput_GivesWhatCanBeReadAgainOrNothing()
    {
        const string Alphabet = ".card{}:;,-()#%1 a\nurl@\\/*\"'<>!&[]~";
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var text = ".card{color:" + new string(random.GetItems(Alphabet.AsSpan(), random.Next(40))) + "}";
            if (CustomStyles.TryRead(text, out var written, out _))
            {
                Assert.DoesNotContain("url(", written, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(written, character => "@\\*\"'<>!".Contains(character, StringComparison.Ordinal));
                Assert.True(CustomStyles.TryRead(written, out var again, out _));
                Assert.Equal(written, again);
            }
        }
    }
}
