using System.Text.RegularExpressions;

namespace ConvoSynth.Infra.Tests.Metrics;

/// <summary>The dashboard asks for what a run really sends.</summary>
public sealed partial class DashboardTests(MeteredRun run) : IClassFixture<MeteredRun>
{
    [Fact]
    public void Every_query_names_metrics_labels_and_values_of_a_run()
    {
        Dashboard.Queries.Should().HaveCountGreaterThan(20);
        Dashboard.Queries.Should().OnlyContain(q => new PromQuery(q).Metrics.Count > 0);
        Dashboard.Queries.SelectMany(q => new PromQuery(q).Missing(run.Seen)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("rate(convosynth_dialogs_total{}[1m])", "convosynth_dialogs_total")]
    [InlineData("sum by (status) (convosynth_dialogues_total{})", "convosynth_dialogues_total.status")]
    [InlineData("convosynth_dialogues_total{convosynth_statu=~\".*\"}", "convosynth_dialogues_total.convosynth_statu")]
    [InlineData("convosynth_dialogues_total{convosynth_status=\"acepted\"}", "convosynth_dialogues_total.convosynth_status=acepted")]
    [InlineData("sum(convosynth_dialogues)", "convosynth_dialogues")]
    [InlineData("gen_ai_client_operation_duration_bucket{}", "gen_ai_client_operation_duration_bucket")]
    public void A_query_of_something_else_is_found(string query, string missing) =>
        new PromQuery(query).Missing(run.Seen).Should().Equal(missing);

    [Fact]
    public void Every_measure_of_our_own_is_shown()
    {
        var shown = Dashboard.Queries.SelectMany(q => new PromQuery(q).Metrics).Select(m => Family(m.Metric));

        var own = run
            .Seen.Names.Where(n =>
                n.StartsWith("convosynth_", StringComparison.Ordinal) || n.StartsWith("gen_ai_", StringComparison.Ordinal)
            )
            .Select(Family)
            .Distinct(StringComparer.Ordinal)
            .ToArray();

        own.Should().HaveCountGreaterThan(9);
        shown.Should().Contain(own);
    }

    [Fact]
    public void A_person_picks_the_data_source_and_the_silos_and_the_list_of_silos_is_of_a_metric()
    {
        var names = Dashboard.Variables.Select(v => (string)v["name"]!).ToArray();
        names.Should().Equal("datasource", "silo");
        Dashboard.Targets.Should().OnlyContain(t => (string)t["datasource"]!["uid"]! == "${datasource}");
        Dashboard
            .Queries.SelectMany(q => Variable().Matches(q))
            .Select(m => m.Groups[1].Value)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .BeEquivalentTo("silo", "__rate_interval");

        var list = ListOf().Match((string)Dashboard.Variables.Last()["query"]!["query"]!);
        run.Seen.Labels(list.Groups[1].Value).Should().NotBeNull();
    }

    [Fact]
    public void No_two_panels_share_an_id_a_title_or_a_place()
    {
        Dashboard.Panels.Select(p => (int)p["id"]!).Should().OnlyHaveUniqueItems();
        Dashboard.Panels.Select(p => (string)p["title"]!).Should().OnlyHaveUniqueItems();
        var cells =
            from panel in Dashboard.Panels
            let at = panel["gridPos"]!
            from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!)
            from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!)
            select (x, y);
        cells.Should().OnlyHaveUniqueItems().And.OnlyContain(c => c.x < 24);
    }

    private static string Family(string metric) => Part().Replace(metric, "");

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((\w+), instance\)$")]
    private static partial Regex ListOf();
}
