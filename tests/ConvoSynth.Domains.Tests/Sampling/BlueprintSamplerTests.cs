using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Sampling;

public sealed class BlueprintSamplerTests
{
    private const int Sampled = 240;
    private static readonly Seed Run = new(11);
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/library")));
    private static readonly Lazy<BlueprintSampler> Made = new(() => new(Loaded.Value));
    private static readonly Lazy<Blueprint[]> Blueprints = new(() =>
        [.. Enumerable.Range(0, Sampled).Select(i => Made.Value.Sample(Run, i))]
    );

    private static Pack Library => Loaded.Value;

    [Fact]
    public void A_blueprint_is_a_function_of_its_index_whatever_was_sampled_before_it()
    {
        var other = new BlueprintSampler(Library);
        foreach (var i in new[] { 59, 5, 11, 3, 58, 10, 0, 23 })
            Text(other.Sample(Run, i)).Should().Be(Text(Blueprints.Value[i]), $"index {i} was sampled in another order");
    }

    [Fact]
    public void Another_seed_gives_other_tasks() =>
        Enumerable.Range(0, 20).Count(i => Text(Made.Value.Sample(new(12), i)) == Text(Blueprints.Value[i])).Should().Be(0);

    [Fact]
    public void Every_gold_plan_runs_again_to_the_same_observations_and_an_accepted_state()
    {
        foreach (var blueprint in Blueprints.Value)
        {
            var environment = new DialogueEnvironment(Library, blueprint.Patch);
            foreach (var action in blueprint.Actions)
                environment.Call(Library.Tools.Find(action.Tool)!, action.Arguments).Text.Should().Be(action.Observation);
            blueprint.AcceptedEndStates[0].Diff.Should().Be(Library.Canon.Canonical(environment.Diff()));
        }
    }

    [Fact]
    public void No_gold_write_breaks_a_guard()
    {
        foreach (var blueprint in Blueprints.Value)
        {
            var environment = new DialogueEnvironment(Library, blueprint.Patch);
            foreach (var action in blueprint.Actions)
            {
                var tool = Library.Tools.Find(action.Tool)!;
                if (tool.Writes)
                    Library.Guards.Broken(environment.Db, tool, (JsonMap)action.Arguments).Should().BeEmpty();
                environment.Call(tool, action.Arguments);
            }
        }
    }

    [Fact]
    public void Every_refusal_names_the_one_clause_that_its_write_would_break()
    {
        var refusing = Blueprints.Value.Where(b => b.Refusals.Length > 0).ToArray();
        refusing.Length.Should().BeGreaterThan(Sampled * 15 / 100);
        foreach (var blueprint in refusing)
        {
            var environment = new DialogueEnvironment(Library, blueprint.Patch);
            foreach (var action in blueprint.Actions.Take(blueprint.Refusals[0].GroundedBy + 1))
                environment.Call(Library.Tools.Find(action.Tool)!, action.Arguments);
            var broken = Library.Guards.Broken(
                environment.Db,
                Library.Tools.Find(blueprint.Refusals[0].Tool)!,
                (JsonMap)blueprint.Refusals[0].Arguments
            );
            broken.Select(g => g.Clause).Should().Equal(blueprint.Refusals[0].Clause);
        }
    }

    [Fact]
    public void An_agent_that_does_nothing_passes_no_blueprint() =>
        Blueprints
            .Value.Where(b => b.Outputs.IsEmpty && b.Refusals.IsEmpty && b.AcceptedEndStates.Any(s => s.Diff.IsEmpty))
            .Should()
            .BeEmpty();

    [Fact]
    public void A_twin_shares_its_family_and_turns_the_outcome_by_one_recorded_change()
    {
        var families = Blueprints.Value.GroupBy(b => b.FamilyId).Where(g => g.Count() > 1).ToArray();
        families.Should().NotBeEmpty();
        foreach (var family in families)
        {
            var twin = family.Single(b => b.Id != b.FamilyId);
            twin.Patch.Should().ContainSingle();
            Text(twin.AcceptedEndStates).Should().NotBe(Text(family.Single(b => b.Id == b.FamilyId).AcceptedEndStates));
        }
    }

    [Fact]
    public void Conditions_choices_and_computed_answers_come_up_often()
    {
        double Share(params string[] shapes) =>
            Blueprints.Value.Count(b => shapes.Any(s => b.Shape.Contains(s, StringComparison.Ordinal))) / (double)Sampled;
        Share("condition", "choice").Should().BeGreaterThan(0.25);
        Share("computed").Should().BeGreaterThan(0.10);
    }

    [Fact]
    public void The_human_knows_no_value_that_must_be_read()
    {
        foreach (var blueprint in Blueprints.Value)
        {
            foreach (var fact in blueprint.Scenario.Facts.Where(f => f.Type is "id" or "ref"))
                fact.Slot.Should().StartWith("member.", "only what proves identity is a number that members know");
        }
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);
}
