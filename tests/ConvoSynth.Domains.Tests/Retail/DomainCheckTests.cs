using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Checking;

namespace ConvoSynth.Domains.Tests.Retail;

/// <summary>The check must find planted differences.</summary>
public sealed class DomainCheckTests
{
    private static readonly Row Order = RetailPack.Own.Base["orders"].Rows.First(o => o.Text("status") == "pending");
    private static readonly Json Address = Json.Parse(
        """{"address1":"2 New Street","address2":"","city":"Reno","state":"NV","country":"USA","zip":"89501"}"""
    );

    [Fact]
    public void A_task_that_fits_matches() =>
        DomainCheck.Run(RetailPack.Own, Sound()).Should().Match<TaskCheck>(t => t.Matched && !t.Vacuous);

    [Fact]
    public void Spacing_and_spelling_of_an_observation_do_not_matter()
    {
        var task = Sound();
        var spaced = task.Actions[0].Observation!.Replace("\":", "\" : ", StringComparison.Ordinal);
        DomainCheck.Run(RetailPack.Own, task with { Actions = [task.Actions[0] with { Observation = spaced }] }).Matched.Should().BeTrue();
    }

    [Fact]
    public void A_planted_wrong_observation_is_a_mismatch_at_its_step()
    {
        var task = Sound();
        var wrong = task.Actions[0].Observation!.Replace("2 New Street", "3 New Street", StringComparison.Ordinal);
        var check = DomainCheck.Run(RetailPack.Own, task with { Actions = [task.Actions[0] with { Observation = wrong }] });
        check
            .Mismatches.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Mismatch>(m => m.Step == 0 && m.Where == "modify_pending_order_address" && m.Expected == wrong);
    }

    [Fact]
    public void A_call_that_should_fail_and_does_not_is_a_mismatch_and_so_is_the_reverse()
    {
        var succeeds = new CheckedTask(
            "1",
            [new("get_order_details", Json.Map(("order_id", Order.Key)), "Error: order not found")],
            [],
            []
        );
        var fails = new CheckedTask("2", [new("get_order_details", Json.Map(("order_id", "#none")), "{}")], [], []);
        DomainCheck
            .Run(RetailPack.Own, [succeeds, fails])
            .Tasks.SelectMany(t => t.Mismatches)
            .Select(m => m.What)
            .Should()
            .Equal("the call should fail and succeeded", "the call should succeed and failed");
    }

    [Fact]
    public void The_wording_of_errors_is_each_environments_own() =>
        DomainCheck
            .Run(RetailPack.Own, new CheckedTask("1", [new("get_order_details", Json.Map(("order_id", "#none")), "Error: 404")], [], []))
            .Matched.Should()
            .BeTrue();

    [Fact]
    public void Missing_wrong_and_unexpected_changes_are_told_apart()
    {
        var task = Sound();
        var wrong = task.Changes!.Value[0] with { After = "4 Wrong Street" };
        var missing = new Change
        {
            Path = ["orders", Order.Key, "status"],
            Before = "pending",
            After = "cancelled",
        };
        var check = DomainCheck.Run(RetailPack.Own, task with { Changes = [wrong, missing, .. task.Changes.Value.Skip(2)] });
        check.Mismatches.Select(m => m.What).Should().Equal("the change differs", "the change is missing", "the change is not expected");
    }

    [Fact]
    public void A_change_of_spelling_only_is_none()
    {
        var task = Sound();
        var spelling = new Change
        {
            Path = ["users", "x", "balance"],
            Before = 9,
            After = 9.0,
        };
        DomainCheck.Run(RetailPack.Own, task with { Changes = task.Changes!.Value.Add(spelling) }).Matched.Should().BeTrue();
    }

    [Fact]
    public void A_task_without_change_and_output_is_marked_vacuous()
    {
        var read = new CheckedTask("1", [new("get_order_details", Json.Map(("order_id", Order.Key)), null)], [], []);
        DomainCheck.Run(RetailPack.Own, read).Vacuous.Should().BeTrue();
        DomainCheck.Run(RetailPack.Own, read with { Outputs = ["12.50"] }).Vacuous.Should().BeFalse();
    }

    [Fact]
    public void The_result_counts_and_writes_itself_as_json()
    {
        var bad = new CheckedTask("bad", [new("no_such_tool", Json.Map(), "ok")], [], []);
        var json = DomainCheck.Run(RetailPack.Own, [Sound(), bad]).ToJson();
        (json["total"].Number, json["matched"].Number, json["vacuous"].Number).Should().Be((2, 1, 1));
        json["tasks"].Items[1]["mismatches"].Items[0]["actual"].Text.Should().Be("Error: unknown tool no_such_tool");
    }

    [Fact]
    public void A_task_file_that_is_wrong_is_refused_with_file_task_and_field()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{nameof(DomainCheckTests)}-{Environment.ProcessId}.json");
        File.WriteAllText(path, """[{"actions":[]},{"actions":[{"name":"x","arguments":"x"}]}]""");
        try
        {
            FluentActions
                .Invoking(() => TaskFile.Read(path))
                .Should()
                .Throw<FormatException>()
                .WithMessage($"{path}: task 1, action 0: \"arguments\" is no object");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_episode_loop_runs_every_call_of_every_task()
    {
        var rate = EpisodeLoop.Run(RetailPack.Own, [Sound(), Sound()], TimeSpan.Zero, TimeProvider.System);
        (rate.Episodes, rate.Calls, rate.Changes).Should().Be((2, 2, 2 * Sound().Changes!.Value.Length));
        rate.Characters.Should().Be(2 * Sound().Actions[0].Observation!.Length);
    }

    private static CheckedTask Sound()
    {
        var arguments = (JsonMap)Address;
        var after = Order.Set(
            "address",
            Json.Map(
                ("address1", arguments["address1"]),
                ("address2", ""),
                ("city", "Reno"),
                ("state", "NV"),
                ("country", "USA"),
                ("zip", "89501")
            )
        );
        var changes = arguments
            .Keys.Where(k => Order["address"][k] != arguments[k])
            .Select(k => new Change
            {
                Path = ["orders", Order.Key, "address", k],
                Before = Order["address"][k],
                After = arguments[k],
            });
        return new(
            "sound",
            [new("modify_pending_order_address", arguments.With("order_id", Order.Key), after.ToString())],
            [],
            [.. changes.OrderBy(c => c.Path[3], StringComparer.Ordinal)]
        );
    }
}
