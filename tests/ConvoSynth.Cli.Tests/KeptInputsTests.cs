namespace ConvoSynth.Cli.Tests;

/// <summary>A run folder keeps its inputs, and a playback uses them even if the folders that people edit have changed.</summary>
public sealed class KeptInputsTests : IDisposable
{
    private const string Same = "came out the same, byte for byte";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_comes_out_the_same_when_its_packs_are_gone_or_changed()
    {
        var run = await MadeOfAnotherLibrary();
        Directory.Delete(_folder.At("packs"), recursive: true);

        var ran = await Convosynth.Run("replay-run", run, "--out", _folder.At("again"));

        ran.ExitCode.Should().Be(0, ran.Output + ran.Errors);
        ran.Output.Should().Contain(Same);
        (await Convosynth.Run("replay-run", _folder.At("again"))).Output.Should().Contain(Same, "what is played again is a run as well");
    }

    [Fact]
    public async Task Verify_applies_the_rules_of_the_runs_own_packs_unless_others_are_named()
    {
        var run = await MadeOfAnotherLibrary();

        var own = await Convosynth.Run("verify", run, "--out", _folder.At("own"));
        var others = await Convosynth.Run("verify", run, "--out", _folder.At("others"), "--packs", Convosynth.Blueprints);

        own.ExitCode.Should().Be(0, own.Errors);
        own.Errors.Should().NotContain("the pack");
        own.Output.Should().Contain("\n0 of ");
        PackHash(_folder.At("own")).Should().Be(PackHash(run));
        others.Errors.Should().Contain("the pack library is not the one that the run was made with; its rules of today are applied");
        PackHash(_folder.At("others")).Should().NotBe(PackHash(run));
        (await Convosynth.Run("replay-run", _folder.At("others"))).Errors.Should().NotContain("error");
    }

    [Fact]
    public async Task A_pack_in_the_run_folder_that_was_tampered_with_is_refused()
    {
        var run = await MadeOfAnotherLibrary();
        (await Convosynth.Run("generate", "--domain", "library", "--count", "1", "--out", _folder.At("other"))).ExitCode.Should().Be(0);
        File.Copy(Archive(_folder.At("other")), Archive(run), overwrite: true);

        (await Convosynth.Run("replay-run", run))
            .Sentence()
            .Should()
            .Contain($"{Archive(run)} is not the pack library that the run was made with")
            .And.Contain(PackHash(_folder.At("other")));
    }

    [Fact]
    public async Task A_run_of_tasks_by_hand_comes_out_the_same_when_their_file_is_gone()
    {
        var file = _folder.Write("tasks.yaml", "- { id: a, intent: renew_loan, keys: { a: L00357 } }\n");
        (await Convosynth.Run("generate", "--domain", "library", "--blueprints", file, "--count", "3", "--out", _folder.At("run")))
            .ExitCode.Should()
            .Be(0);
        File.Delete(file);

        (await Convosynth.Run("replay-run", _folder.At("run"))).Output.Should().Contain(Same);
        _folder.Write("run/inputs/blueprints.yaml", "- { id: a, intent: renew_loan, keys: { a: L00357 }, values: { weeks: 1 } }\n");
        (await Convosynth.Run("replay-run", _folder.At("run")))
            .Sentence()
            .Should()
            .Contain("blueprints.yaml is not the file that the run was made from");
    }

    [Fact]
    public async Task A_run_on_endpoints_keeps_its_prompts_and_neither_goes_on_nor_is_played_with_others()
    {
        _folder.CopyOfPack("library");
        var prompts = _folder.CopyOfPack("prompts");
        var run = _folder.At("run");
        var agent = Path.Combine(prompts, "agent.md");
        var text = await File.ReadAllTextAsync(agent);
        using (var endpoint = Convosynth.Start("endpoint", "--domain", "library"))
        {
            var url = await endpoint.Process.StandardOutput.ReadLineAsync();
            _folder.Write(
                "spec.yaml",
                $$"""
                domains: [library]
                count: 6
                endpoints: [{name: test, provider: openai-compatible, url: "{{url}}/v1", model: any, rehearsal: true}]
                roles: {human: test, agent: test}
                """
            );
            string[] command = ["generate", "--spec", _folder.At("spec.yaml"), "--packs", _folder.At("packs"), "--out", run];
            await File.WriteAllTextAsync(agent, text + "\nBe brief.\n");
            var made = await Convosynth.Run(command);
            made.ExitCode.Should().Be(0, made.Errors);

            await File.WriteAllTextAsync(agent, text);
            (await Convosynth.Run([.. command, "--resume"]))
                .Sentence()
                .Should()
                .Be(
                    $"the prompt agent.md is not the one that the run in {run} was begun with, and its rows must not mix them; "
                        + $"put it back as it was (the run has it as {run}/inputs/prompts/agent.md), "
                        + "or begin another run with another --out"
                );
            File.Copy(Path.Combine(run, "inputs", "prompts", "agent.md"), agent, overwrite: true);
            await File.AppendAllTextAsync(agent, "<!-- A comment is told to nobody. -->\n");
            await File.AppendAllTextAsync(Path.Combine(prompts, "writer.md"), "\nNobody plays the writer here.\n");
            var resumed = await Convosynth.Run([.. command, "--resume"]);
            resumed.ExitCode.Should().Be(0, resumed.Errors);
            await Convosynth.Interrupt(endpoint);
            await Convosynth.End(endpoint);
        }

        Directory.Delete(_folder.At("packs"), recursive: true);
        var played = await Convosynth.Run("replay-run", run);
        played.ExitCode.Should().Be(0, played.Output + played.Errors);
        played.Output.Should().Contain("played from its journal").And.Contain(Same);
        (await Convosynth.Run("verify", run, "--out", _folder.At("verified"))).Output.Should().Contain("\n0 of ");
        (await Convosynth.Run("replay-run", _folder.At("verified")))
            .Sentence()
            .Should()
            .Contain("has no journal of what its endpoints answered");
        await File.WriteAllTextAsync(Path.Combine(run, "inputs", "prompts", "agent.md"), text);
        (await Convosynth.Run("replay-run", run))
            .Sentence()
            .Should()
            .Be($"{run}/inputs/prompts/agent.md is not the prompt that the run was made with; restore the file");
    }

    private async Task<string> MadeOfAnotherLibrary()
    {
        var personas = Path.Combine(_folder.CopyOfPack("library"), "personas.yaml");
        await File.AppendAllTextAsync(personas, "- { name: new here, manner: You have never done this before. }\n");
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "library",
            "--count",
            "12",
            "--seed",
            "3",
            "--packs",
            _folder.At("packs"),
            "--out",
            _folder.At("run")
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        return _folder.At("run");
    }

    private static string Archive(string run) => Directory.EnumerateFiles(Path.Combine(run, "packs")).Should().ContainSingle().Subject;

    private static string PackHash(string run) => Path.GetFileNameWithoutExtension(Archive(run));
}
