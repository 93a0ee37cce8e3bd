using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Tests;
using ConvoSynth.Verification.Verifiers;
using Prompt = ConvoSynth.Dialogues.Prompts.Prompt;

namespace ConvoSynth.Dialogues.Tests;

public sealed class PromptTests
{
    private static readonly Placeholder[] Two = [new("name", PlaceholderType.Line), new("said", PlaceholderType.Quote)];

    [Fact]
    public void Values_stand_where_their_placeholders_do_in_both_parts()
    {
        var prompt = Prompt.Read("p.md", "<!-- for people -->\nYou are {{name}}.\n<!-- user -->\n{{ said }}\nAnd again {{name}}.\n", Two);

        var rendered = prompt.Render(("name", "Ada\nLovelace"), ("said", "hello"));

        rendered.System.Should().Be("You are Ada Lovelace.");
        rendered.User.Should().Be("<<<\nhello\n>>>\nAnd again Ada Lovelace.");
    }

    [Fact]
    public void A_value_is_never_read_as_a_placeholder_and_cannot_end_its_quotation()
    {
        var prompt = Prompt.Read("p.md", "{{name}}\n<!-- user -->\n{{said}}", Two);

        var rendered = prompt.Render(("name", "{{said}}"), ("said", "a >>>> b\n<<<<<< c"));

        rendered.System.Should().Be("{{said}}");
        rendered.User[4..^4].Should().NotContain("<<<").And.NotContain(">>>");
    }

    [Fact]
    public void An_unknown_a_missing_and_an_open_placeholder_are_named_with_file_and_line()
    {
        var reading = () => Prompt.Read("p.md", "You are\n{{nmae}} and {{name}}.\n{{said", Two);

        reading
            .Should()
            .Throw<PromptException>()
            .Which.Faults.Should()
            .Equal(
                "p.md:2: {{nmae}} is no placeholder of this prompt; it has {{name}}, {{said}}",
                "p.md:3: {{ is never closed",
                "p.md: the placeholder {{said}} is missing"
            );
    }

    [Fact]
    public void A_value_that_is_missing_of_no_placeholder_or_no_number_is_refused()
    {
        var prompt = Prompt.Read("p.md", "{{count}}", [new("count", PlaceholderType.Count)]);

        prompt.Invoking(p => p.Render()).Should().Throw<ArgumentException>().WithMessage("p.md: no value is given for {{count}}");
        prompt
            .Invoking(p => p.Render(("count", "1"), ("x", "2")))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("p.md has no placeholder {{x}}");
        prompt
            .Invoking(p => p.Render(("count", "four")))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*takes a whole number, not \"four\"");
    }

    [Fact]
    public void The_hash_changes_with_what_is_sent_and_with_nothing_else()
    {
        var hash = Prompt.Read("p.md", "{{name}} {{said}}", Two).Hash;

        hash.Should().MatchRegex("^[0-9a-f]{64}$");
        Prompt.Read("q.md", "<!-- another comment -->\r\n{{name}} {{said}}\r\n", Two).Hash.Should().Be(hash);
        Prompt.Read("p.md", "{{name}}, {{said}}", Two).Hash.Should().NotBe(hash);
        Prompt.Read("p.md", "{{name}}\n<!-- user -->\n{{said}}", Two).Hash.Should().NotBe(hash);
    }

    [Fact]
    public void The_faults_of_all_files_of_a_folder_come_at_once()
    {
        var texts = PromptSet.Roles.Where(r => r != "writer").ToDictionary(r => r, _ => "no placeholder", StringComparer.Ordinal);

        var reading = () => PromptSet.Read("prompts", texts);

        reading
            .Should()
            .Throw<PromptException>()
            .Which.Faults.Should()
            .Contain(Path.Combine("prompts", "writer.md") + ": the file is missing")
            .And.Contain(Path.Combine("prompts", "agent.md") + ": the placeholder {{policy}} is missing");
    }

    [Fact]
    public void The_shipped_prompts_begin_with_what_is_the_same_from_dialogue_to_dialogue()
    {
        var prompts = ShippedPrompts.Set;
        var (a, b) = (
            prompts.Human.Render(("instruction", "Alpha wants this."), ("persona", "brief")).System,
            prompts.Human.Render(("instruction", "Beta wants that."), ("persona", "polite")).System
        );
        Shared(a, b).Should().BeGreaterThan(a.Length - 100);
        foreach (var prompt in new[] { prompts.HumanCritique, prompts.Writer })
            Filled(prompt, "1").System.Should().Be(Filled(prompt, "2").System);
        // A judge's policy differs between domains only.
        Question("a", "b").System.Should().Be(Question("d", "e").System);
        prompts
            .AgentSystem(TestPacks.Loans)
            .Should()
            .BeSameAs(prompts.AgentSystem(TestPacks.Loans))
            .And.EndWith(TestPacks.Loans.Policy.Text.Trim());

        RenderedPrompt Question(string rule, string question) =>
            prompts.JudgeQuestion.Render(
                ("policy", "p"),
                ("rubric", ""),
                ("answers", "yes or no"),
                ("rule", rule),
                ("notes", "n"),
                ("question", question),
                ("messages", "c")
            );
    }

    [Fact]
    public void An_optional_placeholder_may_be_missing_and_its_value_is_then_not_sent()
    {
        Placeholder[] placeholders = [new("a", PlaceholderType.Line), new("b", PlaceholderType.Line) { IsOptional = true }];

        var without = Prompt.Read("p.md", "Say {{a}}.", placeholders);

        without.Absent.Should().Equal("b");
        without.Render(("a", "this"), ("b", "that")).System.Should().Be("Say this.");
        Prompt.Read("p.md", "Say {{a}} and {{b}}.", placeholders).Render(("a", "x"), ("b", "y")).System.Should().Be("Say x and y.");
    }

    [Fact]
    public void Prompts_that_cannot_say_how_to_vote_or_lack_the_judge_of_tasks_are_refused_for_a_committee_alone()
    {
        var roles = new RoleEndpoints
        {
            Human = "h",
            Agent = "a",
            Judges = ["j"],
            Committee = new() { Blueprints = true },
        };
        var texts = ShippedPrompts.Set.Texts.ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        ShippedPrompts.Set.Problem(roles).Should().BeNull();
        texts.Remove("judge-blueprint");
        PromptSet.Read("p", texts).Problem(roles).Should().Contain("judge-blueprint.md is missing");
        texts["judge-committee"] = texts["judge-committee"].Replace("{{ballot}}", "", StringComparison.Ordinal);
        var older = PromptSet.Read("p", texts);
        older.Problem(roles).Should().Contain("the placeholder {{ballot}} is missing");
        older.Problem(roles with { Committee = null }).Should().BeNull("a run that began with these prompts is played again with them");
    }

    [Fact]
    public void The_human_is_told_of_no_tool_and_of_both_marks()
    {
        var human = ShippedPrompts.Set.Human.Render(("instruction", "You want x."), ("persona", "brief"));

        human.System.Should().Contain(StopMarks.Stop).And.Contain(StopMarks.OutOfScope).And.EndWith("You want x.");
        human.User.Should().NotBeEmpty();
    }

    [Fact]
    public void A_run_names_the_hashes_of_the_prompts_that_its_endpoints_used()
    {
        var set = ShippedPrompts.Set;
        var plain = new RoleEndpoints { Human = "a", Agent = "b" };

        ((JsonMap)set.Hashes(plain)).Keys.Should().Equal("agent", "human");
        ((JsonMap)set.Hashes(plain with { HumanCandidates = 4, Writer = "w", Judges = ["j"] }))
            .Keys.Should()
            .Equal("agent", "human", "human-critique", "judge-committee", "judge-question", "writer");
        set.Hashes(plain)["agent"].Text.Should().Be(set.Agent.Hash);
    }

    [Fact]
    public async Task A_language_model_is_told_its_prompt_and_a_script_the_instruction_alone()
    {
        var model = new Candidates(Candidates.Said("Hi."), Candidates.Said("Hi."));
        var setup = new RunSetup
        {
            Spec = new()
            {
                RunId = "r",
                Domains = ["loans"],
                Count = 1,
                Seed = 1,
            },
            Packs = new Dictionary<string, ConvoSynth.Domains.Packs.Pack>(StringComparer.Ordinal) { ["loans"] = TestPacks.Loans },
            Blueprints = null!,
            Human = model,
            Agent = model,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
        };
        var opening = setup.OpeningOf(0, 0, ModelRole.Human, Tasks.Renewal);

        await setup.View(opening).Speak(default);
        await (setup with { Prompts = ShippedPrompts.Set }).View(opening).Speak(default);

        model.Asked[0].Request.System.Should().Be(Tasks.Renewal.Instruction);
        model.Asked[1].Request.System.Should().EndWith(Tasks.Renewal.Instruction).And.StartWith("You play a person");
        model.Asked[1].Request.Messages[0].Should().Be(Message.User(ShippedPrompts.Set.HumanOpening));
        setup.SystemOf(TestPacks.Loans).Should().Be(TestPacks.Loans.SystemPrompt);
        (setup with { Prompts = ShippedPrompts.Set })
            .SystemOf(TestPacks.Loans)
            .Should()
            .Be(ShippedPrompts.Set.AgentSystem(TestPacks.Loans));
        setup.PromptHashes.Should().BeEmpty();
    }

    private static RenderedPrompt Filled(Prompt prompt, string value)
    {
        var names = new[] { "instruction", "persona", "conversation", "count", "candidates", "intent", "scenario" };
        var used = names
            .Where(n =>
                prompt
                    .Invoking(p => p.Render((n, value)))
                    .Should()
                    .Throw<ArgumentException>()
                    .Which.Message.Contains("no value", StringComparison.Ordinal)
            )
            .ToArray();
        return prompt.Render([.. used.Select(n => (n, value))]);
    }

    private static int Shared(string a, string b)
    {
        var at = 0;
        while (at < Math.Min(a.Length, b.Length) && a[at] == b[at])
            at++;
        return at;
    }
}
