using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Sampling;

/// <summary>Tasks that join several intents over one person's rows.</summary>
public sealed class CombinationTests
{
    private const int Sampled = 150;
    private static readonly Seed Run = new(5);
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/retail")));
    private static readonly Lazy<BlueprintSampler> Made = new(() => new(Loaded.Value));
    private static readonly Lazy<Blueprint[]> Blueprints = new(() =>
        [.. Enumerable.Range(0, Sampled).Select(i => Made.Value.Sample(Run, i, combined: 1))]
    );

    private static Pack Retail => Loaded.Value;

    [Fact]
    public void A_combined_task_is_a_function_of_its_index_whatever_was_sampled_before_it()
    {
        var other = new BlueprintSampler(Retail);
        foreach (var i in new[] { 59, 5, 11, 58 })
            Text(other.Sample(Run, i, combined: 1)).Should().Be(Text(Blueprints.Value[i]), $"index {i} was sampled in another order");
    }

    [Theory]
    [InlineData("retail")]
    [InlineData("airline")]
    [InlineData("library")]
    public void Combined_tasks_are_the_same_in_whatever_order_they_are_sampled(string domain)
    {
        var pack = PackLoading.Load(RepositoryRoot.At($"blueprints/{domain}"));
        var (forward, backward) = (new BlueprintSampler(pack), new BlueprintSampler(pack));
        var indexes = Enumerable.Range(0, 400).Where(i => i % 6 != 5).ToArray();

        var there = indexes.ToDictionary(i => i, i => Text(forward.Sample(Run, i, combined: 1)));

        foreach (var i in indexes.Reverse())
            Text(backward.Sample(Run, i, combined: 1)).Should().Be(there[i], $"index {i} was sampled in another order");
    }

    [Fact]
    public void Without_a_share_no_task_is_combined_and_none_changes() =>
        Enumerable
            .Range(0, 24)
            .Should()
            .AllSatisfy(i =>
                Text(Made.Value.Sample(Run, i, combined: 0)).Should().Be(Text(Made.Value.Sample(Run, i))).And.NotContain("+combined")
            );

    [Fact]
    public void Most_tasks_are_combined_where_all_are_wanted_and_many_have_several_writes()
    {
        Blueprints.Value.Count(b => b.Shape.EndsWith("+combined", StringComparison.Ordinal)).Should().BeGreaterThan(Sampled * 8 / 10);
        Blueprints.Value.Count(b => b.Actions.Count(a => a.Writes) > 1).Should().BeGreaterThan(Sampled / 2);
    }

    [Fact]
    public void All_parts_are_executed_one_after_another_and_no_write_breaks_a_guard_in_the_state_that_the_others_left()
    {
        foreach (var blueprint in Blueprints.Value)
        {
            var environment = new DialogueEnvironment(Retail, blueprint.Patch);
            foreach (var action in blueprint.Actions)
            {
                var tool = Retail.Tools.Find(action.Tool)!;
                if (tool.Writes)
                    Retail.Guards.Broken(environment.Db, tool, (JsonMap)action.Arguments).Should().BeEmpty();
                environment.Call(tool, action.Arguments).Text.Should().Be(action.Observation);
            }

            blueprint.AcceptedEndStates[0].Diff.Should().Be(Retail.Canon.Canonical(environment.Diff()));
        }
    }

    [Fact]
    public void A_plan_without_one_of_its_writes_reaches_no_accepted_state()
    {
        foreach (var blueprint in Blueprints.Value)
        {
            for (var left = 0; left < blueprint.Actions.Length; left++)
            {
                if (!blueprint.Actions[left].Writes)
                    continue;
                var environment = new DialogueEnvironment(Retail, blueprint.Patch);
                foreach (var action in blueprint.Actions.Where((_, i) => i != left))
                    environment.Call(Retail.Tools.Find(action.Tool)!, action.Arguments);
                var reached = Retail.Canon.Canonical(environment.Diff());
                blueprint.AcceptedEndStates.Should().NotContain(s => s.Diff.Equals(reached), $"{blueprint.Id} lacks a write");
            }
        }
    }

    [Fact]
    public void Tied_rows_of_two_choices_may_be_taken_together()
    {
        var (cheapest, dearest) = (Intent("exchange_cheapest"), Intent("change_to_dearest"));
        var cell = Cell.Of([CombinedIntent.Of([cheapest, CombinedIntent.At(dearest, 2)])])[0];
        var binding = Enumerable
            .Range(0, 50)
            .Select(i => new Binder(Retail, new(Retail)).Bind(cell, new(i, Run), 0, Run.For(i).Random()))
            .First(b => b is not null)!;
        // Another version of each chosen thing, as if it had the same price.
        var tied = binding with
        {
            Ties = new Dictionary<string, IReadOnlyList<EntityRow>>(StringComparer.Ordinal)
            {
                ["v"] = [Other(binding, "i", "v")],
                ["v_2"] = [Other(binding, "i_2", "v_2")],
            },
        };

        var blueprint = new BlueprintComposer(
            Retail,
            tied,
            Run.Random(),
            Retail.Tools.All.Select(t => t.Name).ToHashSet(StringComparer.Ordinal)
        ).Compose("id", 0, Run, "id");

        var (first, second) = (tied.Ties["v"][0].Key.Text, tied.Ties["v_2"][0].Key.Text);
        blueprint!.AcceptedEndStates.Select(s => s.Name).Should().Equal("gold", $"tie:{first}", $"tie:{second}", $"tie:{first}+{second}");
        blueprint.AcceptedEndStates.Select(s => JsonSerializer.Serialize(s.Diff)).Should().OnlyHaveUniqueItems();
    }

    private static IntentSpec Intent(string id) => Retail.Intents.Single(i => i.Id == id);

    private static EntityRow Other(Binding binding, string item, string chosen)
    {
        var (had, best) = (binding.Slots[item], binding.Slots[chosen]);
        return binding
            .Scope(Retail, Retail.BaseView)
            .Rows(best.Entity, item)
            .First(r => r.Key != best.Key && r.Key != had.Key && r["available"].Flag == true);
    }

    private static string Text(Blueprint blueprint) => JsonSerializer.Serialize(blueprint);
}
