using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Sampling;

/// <summary>Plans without reads that nothing in them needs.</summary>
public sealed class GoldNeedsTests
{
    private static readonly Lazy<Pack> Library = new(() => PackLoading.Load(RepositoryRoot.At("blueprints", "library")));

    private static readonly Json Shown = Json.Map(("title_id", "T0001"), ("title", "A Hedge"));

    private static ToolSpec Tool(string name) => Library.Value.Tools.Find(name)!;

    private static EntityRow Title
    {
        get
        {
            var pack = Library.Value;
            return pack.Rows.All(pack.BaseView, pack.Domain.Entity("title")).First();
        }
    }

    private static JsonMap Showing(EntityRow row) => row.Row.Values.With(row.Entity.Key, row.Key);

    [Fact]
    public void A_read_whose_row_a_later_read_shows_too_stays_and_the_later_one_goes()
    {
        var needs = new GoldNeeds();
        needs.Made(Tool("find_title"), JsonMap.Empty, Showing(Title), isKept: false);
        needs.Row(Title);
        needs.Made(Tool("find_title"), JsonMap.Empty, Showing(Title), isKept: false);
        needs.Row(Title);
        needs.Needless().Should().Equal(1);
    }

    [Fact]
    public void A_read_that_alone_shows_a_needed_row_stays()
    {
        var needs = new GoldNeeds();
        needs.Made(Tool("find_title"), JsonMap.Empty, Showing(Title), isKept: false);
        needs.Row(Title);
        needs.Needless().Should().BeEmpty();
    }

    [Fact]
    public void A_read_comes_too_late_for_what_was_needed_before_it()
    {
        var needs = new GoldNeeds();
        needs.Made(Tool("find_title"), JsonMap.Empty, Json.Map(("title", "Another")), isKept: false);
        needs.Value("T0001", isArgument: false);
        needs.Made(Tool("find_title"), JsonMap.Empty, Shown, isKept: false);
        needs.Needless().Should().Equal([0, 1], "neither shows the value in time");
    }

    [Fact]
    public void What_only_a_dropped_read_takes_is_needed_no_more()
    {
        var needs = new GoldNeeds();
        needs.Made(Tool("browse_titles"), JsonMap.Empty, Shown, isKept: false);
        needs.Value("T0001", isArgument: true);
        needs.Made(Tool("find_title"), (JsonMap)Json.Map(("title", "A Hedge")), Showing(Title), isKept: false);
        needs.Needless().Should().Equal(0, 1);
    }

    [Fact]
    public void A_call_that_must_stay_stays_whatever_it_shows()
    {
        var needs = new GoldNeeds();
        needs.Made(Tool("find_member"), JsonMap.Empty, Shown, isKept: true);
        needs.Needless().Should().BeEmpty();
    }

    [Fact]
    public void Tasks_whose_plan_lost_a_read_are_sound()
    {
        var sampler = new BlueprintSampler(Library.Value);
        var mustFail = new MustFail(Library.Value);
        var dropped = 0;
        for (var i = 0L; i < 2000 && dropped < 2; i++)
        {
            var before = sampler.DroppedReads;
            var task = sampler.Sample(new Seed(1), i);
            if (sampler.DroppedReads == before)
                continue;
            dropped++;
            var environment = new DialogueEnvironment(Library.Value, task.Patch);
            foreach (var action in task.Actions)
                environment.Call(Tool(action.Tool), action.Arguments).Text.Should().Be(action.Observation);
            Library.Value.Canon.Canonical(environment.Diff()).Should().Be(task.AcceptedEndStates[0].Diff);
            mustFail.Survivor(task, []).Should().BeNull();
            task.Scenario.Requests.Sum(r => r.ActionCount).Should().BeLessThanOrEqualTo(task.Actions.Length);
            task.Scenario.Requests[^1].FirstAction.Should().BeLessThanOrEqualTo(task.Actions.Length);
            task.Outputs.All(o => o.GroundedBy < task.Actions.Length).Should().BeTrue();
        }

        dropped.Should().Be(2);
    }
}
