using Bunit;
using LoginPortal.Components.Administration.Policy;
using LoginPortal.Components.Administration.Studio;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace LoginPortal.Tests.Components;

/// <summary>The parts of the branding studio and of the policy page that need no Core.</summary>
public sealed class StudioComponentTests : ComponentTests
{
    private Core.Tenants.Branding _document = Core.Tenants.Branding.Default;
    private AssetResult? _answer;

    public StudioComponentTests()
    {
        Enter();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    private StudioEditor Editor => new(_document, [], change => _document = change(_document), (_, _) => Task.FromResult(_answer));

    [Fact]
    public void Preset_Chosen_GoesIntoTheDraftAndCanBeTakenBack()
    {
        var presets = Render<StudioPresets>(parameters => parameters.Add(panel => panel.Editor, Editor));
        Assert.InRange(presets.FindAll(".studio-preset").Count, 6, 20);

        presets.FindAll(".studio-preset").Single(button => button.TextContent.Trim() == "Forest").Click();

        var forest = BrandingPresets.All.Single(preset => preset.Name == "Forest");
        Assert.Equal((forest.Light, forest.Layout), (_document.Light, _document.Layout));
        presets.Render(parameters => parameters.Add(panel => panel.Editor, Editor));
        Assert.Equal("Forest", presets.Find("[aria-pressed='true']").TextContent.Trim());
        presets.Find(".button-small").Click();
        Assert.Equal(Core.Tenants.Branding.Default, _document);
    }

    [Fact]
    public void Preset_AfterWhichSomethingElseWasChanged_IsNotTakenBack()
    {
        var presets = Render<StudioPresets>(parameters => parameters.Add(panel => panel.Editor, Editor));
        presets.FindAll(".studio-preset")[2].Click();
        _document = _document with { CornerRadius = 1 };

        presets.Render(parameters => parameters.Add(panel => panel.Editor, Editor));

        Assert.Empty(presets.FindAll(".button-small"));
    }

    [Fact]
    public void Upload_ThatIsStored_IsShownAndCanBeRemoved()
    {
        var key = new string('a', 64);
        string? stored = null;
        _answer = new AssetResult.Stored(new AssetFile(key, "image/png", 1, 1));
        var upload = RenderUpload(null, value => stored = value);

        upload.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("picture", "logo.png"));

        upload.WaitForAssertion(() => Assert.Equal(key, stored));
        upload.Render(parameters => parameters.Add(field => field.Key, key));
        Assert.Equal($"brand/assets/{key}", upload.Find("img").GetAttribute("src"));
        upload.Find("button").Click();
        Assert.Null(stored);
    }

    [Fact]
    public void Upload_ThatIsRefused_SaysWhyAndStoresNothing()
    {
        var stored = "nothing";
        _answer = new AssetResult.Refused(new AssetProblem(AssetProblemKind.Attribute, "onclick", 4));
        var upload = RenderUpload(null, value => stored = value);

        upload.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("<svg/>", "logo.svg"));

        upload.WaitForAssertion(() => Assert.Equal("Line 4: the attribute onclick is not allowed in a drawing.", upload.Find(".problem").TextContent.Trim()));
        Assert.Equal(("true", "nothing"), (upload.Find("input").GetAttribute("aria-invalid"), stored));
    }

    [Fact]
    public void Upload_ThatIsTooLarge_IsNotEvenSent()
    {
        var upload = RenderUpload(null, _ => { });

        upload.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[AssetReader.MaximumBytes + 1], "logo.png"));

        upload.WaitForAssertion(() => Assert.Equal("The file is larger than 512 KB.", upload.Find(".problem").TextContent.Trim()));
    }

    [Fact]
    public void Import_OfAFileThatCannotBe_SaysWhatIsWrong()
    {
        var transfer = Render<StudioTransfer>(parameters => parameters.Add(panel => panel.ReadAsync, _ => Task.FromResult<BrandingFileResult?>(
            new BrandingFileResult.Invalid([new BrandingProblem("termsLink", BrandingProblemKind.Link), new BrandingProblem("cornerRadius", BrandingProblemKind.OutOfRange) { Most = 32 }]))));

        transfer.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("{}", "branding.json"));

        transfer.WaitForAssertion(() => Assert.Equal(2, transfer.FindAll(".problem").Count));
        Assert.StartsWith("termsLink: ", transfer.Find(".problem").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Field_WhileItIsTyped_KeepsSpacesInTheFieldAndNotInTheValue()
    {
        string? value = null;
        var field = Render<StudioField>(parameters => parameters
            .Add(component => component.Id, "senderName").Add(component => component.Label, "Name")
            .Add(component => component.ValueChanged, EventCallback.Factory.Create<string?>(this, changed => value = changed)));

        field.Find("input").Input("Acme ");

        Assert.Equal("Acme", value);
        field.Render(parameters => parameters.Add(component => component.Value, value));
        Assert.Equal("Acme ", field.Find("input").GetAttribute("value"));
        field.Render(parameters => parameters.Add(component => component.Value, "Other"));
        Assert.Equal("Other", field.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Note_BelowASetting_SaysInWordsWhatItMeansForHowMany()
    {
        var note = Render<PolicyNote>(parameters => parameters
            .Add(component => component.Fields, ["Policy.SecondFactor"])
            .Add(component => component.Consequences,
            [
                new PolicyConsequence("Policy.SecondFactor", PolicyConsequenceKind.SecondFactorFrom, 3, 41) { At = new DateTimeOffset(2030, 3, 1, 0, 0, 0, TimeSpan.Zero) },
                new PolicyConsequence("Policy.Languages", PolicyConsequenceKind.LanguageGone, 1, 41, "de"),
            ]));

        Assert.Equal("3 of 41 people have no second factor; from Friday, March 1, 2030 they must enrol at sign-in.", Assert.Single(note.FindAll("p")).TextContent.Trim());
    }

    private IRenderedComponent<StudioUpload> RenderUpload(string? key, Action<string?> changed) => Render<StudioUpload>(parameters => parameters
        .Add(field => field.Id, "logoLight").Add(field => field.Label, "Logo").Add(field => field.Hint, "PNG").Add(field => field.Use, AssetUse.Logo).Add(field => field.Key, key)
        .Add(field => field.KeyChanged, EventCallback.Factory.Create(this, changed)).Add(field => field.UploadAsync, Editor.UploadAsync));
}
