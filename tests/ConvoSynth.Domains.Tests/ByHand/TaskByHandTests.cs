using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.ByHand;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.ByHand;

public sealed class TaskByHandTests
{
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/library")));

    private static Pack Library => Loaded.Value;

    [Fact]
    public void The_example_file_makes_what_it_says_it_does()
    {
        var tasks = TaskByHandReading.Read(
            Library,
            "library.yaml",
            File.ReadAllBytes(RepositoryRoot.At("blueprints/by-hand/library.yaml"))
        );
        var blueprints = tasks.Select(t => new TaskByHandMaking(Library).Make(t, new(1))).ToArray();

        blueprints
            .Select(b => b.Id)
            .Should()
            .Equal("library/by-hand/two-more-weeks", "library/by-hand/third-renewal", "library/by-hand/what-is-due-first");
        blueprints[0].Actions[^1].Should().Match<GoldAction>(a => a.Tool == "renew_loan" && a.Arguments["weeks"].Number == 2);
        blueprints[0].AcceptedEndStates[0].Diff.IsEmpty.Should().BeFalse();
        blueprints[1].Refusals.Should().ContainSingle().Which.Clause.Should().Be("4.2");
        blueprints[1].Persona.Name.Should().Be("hurried");
        blueprints[1].Scenario.Fact("member.card_no")!.Disclosure.Should().Be(Disclosure.Volunteer);
        blueprints[1].AcceptedEndStates[0].Diff.IsEmpty.Should().BeTrue();
        blueprints[2].Outputs.Should().ContainSingle().Which.Value.Should().Be((Json)"2031-02-22");
        blueprints[2].Instruction.Should().StartWith("You found a pile");
    }

    [Fact]
    public void Another_seed_says_the_same_task_in_other_words()
    {
        var task = Read("- { id: a, intent: renew_loan, keys: { a: L00357 }, values: { weeks: 2 } }").Single();
        var making = new TaskByHandMaking(Library);
        making.Make(task, new(1)).Instruction.Should().Be(making.Make(task, new(1)).Instruction);
        Enumerable.Range(1, 5).Select(i => making.Make(task, new((ulong)i)).Instruction).Distinct().Should().HaveCountGreaterThan(2);
        Enumerable.Range(1, 5).Select(i => making.Make(task, new((ulong)i)).AcceptedEndStates[0].Diff).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("- { id: a, intent: renew_laon }", "tasks.yaml:1: the pack library has no intent renew_laon")]
    [InlineData("- { id: a, intent: renew_loan, keys: { b: L1 } }", "tasks.yaml:1: \"keys\" names b, which is no row of the goal")]
    [InlineData("- { id: a, intent: renew_loan, key: { a: L1 } }", "tasks.yaml:1: unknown key \"key\"; known here: *")]
    [InlineData(
        "- { id: a, domain: retail, intent: renew_loan }",
        "tasks.yaml:1: the task is for the domain retail, and the run for library"
    )]
    [InlineData("- { id: a, intent: renew_loan, persona: nobody }", "tasks.yaml:1: the pack library has no persona nobody; it has *")]
    [InlineData(
        "- { id: a, intent: renew_loan, goal: [] }",
        "tasks.yaml:1: \"goal\" goes with a goal of the task's own, not with \"intent\""
    )]
    [InlineData(
        "- { id: a, intent: renew_loan, disclosure: { x: never } }",
        "tasks.yaml:1: a fact is said \"volunteer\" or \"when-asked\", not \"never\""
    )]
    [InlineData("tasks: none", "tasks.yaml:1: a list of tasks is wanted")]
    public void A_fault_in_the_file_is_named_with_its_line(string yaml, string message) =>
        ((Action)(() => Read(yaml))).Should().Throw<BlueprintException>().WithMessage(message);

    [Theory]
    [InlineData("keys: { a: L99 }", "there is no loan L99")]
    [InlineData("owner: M0127", "the key of the row a (loan) is missing under \"keys\"")]
    [InlineData("owner: M0001, keys: { a: L00357 }", "the loan L00357 belongs to members/M0127, not to members/M0001")]
    [InlineData("keys: { a: L00357 }, values: { weks: 2 }", "\"values\" names weks, which the goal does not leave to the human")]
    [InlineData("keys: { a: L00357 }, values: { weeks: 9 }", "renew_loan fails although its guards hold")]
    [InlineData("keys: { a: L00357 }, instruction: hello", "the instruction does not say the fact *")]
    [InlineData("keys: { a: L00357 }, expect: { refused: [\"4.2\"] }", "it should be refused by 4.2, and on this data it is by nothing")]
    [InlineData("keys: { a: L00357 }, disclosure: { a.price: volunteer }", "\"disclosure\" names the fact a.price; the task's facts are *")]
    public void A_task_that_cannot_be_is_refused_with_the_reason(string rest, string reason)
    {
        var task = Read($"- {{ id: a, intent: renew_loan, {rest} }}").Single();
        ((Action)(() => new TaskByHandMaking(Library).Make(task, new(1))))
            .Should()
            .Throw<BlueprintException>()
            .WithMessage($"tasks.yaml:1: the task a cannot be made: {reason}");
    }

    [Theory]
    [InlineData(
        "Your card number is 32651306, your surname Thapa; renew Tides and Time, loan L00357, for 2 weeks.",
        "the instruction says L00357, which only a read shows"
    )]
    [InlineData(
        "Your card number is 32651306, your surname Thapa; make it call renew_loan for Tides and Time, 2 weeks.",
        "the instruction names the tool renew_loan"
    )]
    public void An_instruction_may_say_no_tool_and_no_key_that_only_a_read_shows(string instruction, string reason)
    {
        var task = Read("- { id: a, intent: renew_loan, keys: { a: L00357 }, values: { weeks: 2 } }").Single() with
        {
            Instruction = instruction,
        };
        ((Action)(() => new TaskByHandMaking(Library).Make(task, new(1)))).Should().Throw<BlueprintException>().WithMessage($"*{reason}");
    }

    private static IReadOnlyList<TaskByHand> Read(string yaml) =>
        TaskByHandReading.Read(Library, "tasks.yaml", Encoding.UTF8.GetBytes(yaml));
}
