using ConvoSynth.Core;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Overlaps;

/// <summary>Sampled tasks that repeat a benchmark's.</summary>
public sealed class KnownTasksTests
{
    private static readonly KnownTask Known = new(
        "t1",
        "You are Kim Olsen in 80210. You want to cancel order #W123 because it is no longer needed, and return the lamp of the other one.",
        [
            new("find_user", Json.Map(("first_name", "Kim"), ("last_name", "Olsen"), ("zip", "80210"))),
            new("cancel_order", Json.Map(("order_id", "#W123"), ("reason", "no longer needed"))),
            new("return_items", Json.Map(("order_id", "#W456"), ("items", Json.List(["11112222"])))),
        ]
    );

    [Fact]
    public void A_task_that_is_repeated_word_for_word_is_found() => Found(Known).Should().Be("its words");

    [Theory]
    [InlineData("Who are you?")]
    [InlineData("请问北京的当前天气状况如何？")]
    public void A_short_text_and_a_text_without_spaces_are_found(string text)
    {
        var known = new KnownTasks([Known, Known with { Id = "t2", Text = text, Calls = [] }]);

        known.Find(Known with { Text = text, Calls = [] })!.KnownId.Should().Be("t2");
        known.Find(Known with { Text = "No.", Calls = [] }).Should().BeNull();
    }

    [Fact]
    public void Other_names_and_ids_do_not_hide_a_task()
    {
        var disguised = Disguise.Of(Known);

        disguised.Text.Should().NotContainAny("Kim", "W123", "80210");
        Found(disguised).Should().Be("its words");
    }

    [Fact]
    public void Other_words_do_not_hide_the_same_calls_on_the_same_rows() =>
        Found(Known with { Text = "Please get rid of my first purchase." }).Should().Be("its calls and the rows that they are about");

    [Fact]
    public void A_task_about_all_the_same_rows_is_found_though_its_calls_differ() =>
        Found(Known with { Text = "Hello.", Calls = [.. Known.Calls.Reverse()] }).Should().Be("all rows that it is about");

    [Fact]
    public void A_task_of_the_same_kind_about_other_rows_in_other_words_is_none() =>
        Found(Disguise.Of(Known) with { Text = "My name is Ada; I changed my mind about a purchase and about a lamp." }).Should().BeNull();

    [RealDataFact]
    public void All_tasks_of_tau_bench_are_found_as_they_are_and_nearly_all_under_other_names()
    {
        foreach (var (domain, file) in new[] { ("retail", "tasks-with-reads.json"), ("airline", "tasks.json") })
        {
            var tasks = KnownTaskFile.Read([Path.Combine(RealDataFactAttribute.Folder(domain), file)]);
            var known = new KnownTasks(tasks);

            tasks.Should().HaveCountGreaterThan(25);
            tasks.Should().OnlyContain(t => known.Find(t) != null);
            tasks.Count(t => known.Find(Disguise.Of(t)) != null).Should().BeGreaterThanOrEqualTo((int)Math.Ceiling(tasks.Count * 0.95));
        }
    }

    [RealDataFact]
    public void Few_sampled_tasks_of_the_benchmarks_own_rows_are_taken_for_its_tasks()
    {
        foreach (var (domain, file) in new[] { ("retail", "tasks-with-reads.json"), ("airline", "tasks.json") })
        {
            var folder = RealDataFactAttribute.Folder(domain);
            var known = new KnownTasks(KnownTaskFile.Read([Path.Combine(folder, file)]));
            var sampler = new BlueprintSampler(PackLoading.Load(RepositoryRoot.At("blueprints", domain), folder));

            var hits = Enumerable.Range(0, 500).Count(i => known.Find(sampler.Sample(new Seed(1), i)) != null);

            hits.Should().BeLessThan(25, "most tasks of {0} are new", domain);
        }
    }

    private static string? Found(KnownTask task) => new KnownTasks([Known]).Find(task)?.Why;
}
