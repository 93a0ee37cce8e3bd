using System.Text;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Pairs;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

public sealed class PairTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("trl-dpo")]
    [InlineData("openai-dpo")]
    [InlineData("llamafactory-dpo")]
    public void A_pair_is_cut_at_the_first_difference_where_the_verdict_stands(string format)
    {
        var accepted = Talk.Begin().User("One.").Call("{\"id\":\"1\"}").Agent("It is there.").User("Bye.").Row(7);
        var rejected = Rejected(Talk.Begin().User("One.").Call("{\"id\":\"1\"}").Agent("It is lost.").User("Oh.").Row(7), (3, "agent"));

        var made = _run.Make(
            new()
            {
                Runs = [_run.Run(accepted), _run.Run(rejected)],
                Format = format,
                Out = _run.Out(),
            }
        );

        var (prompt, chosen, refused) = Read(format, made);
        prompt.Select(Unlearned).Should().Equal(Spoken.Of(accepted)[..4].Select(Unlearned));
        (chosen.Text, refused.Text).Should().Be(("It is there.", "It is lost."));
        made.Report.LearnedCharacters.Should().Be("It is there.".Length);
    }

    [Fact]
    public void A_pair_of_calls_differs_by_their_arguments_and_not_by_their_ids()
    {
        var accepted = Talk.Begin().User("One.").Call("{\"id\":\"1\",\"n\":2}").Agent("Done.").Row(0);
        var same = Talk.Begin().User("One.").Call("{\"n\":2,\"id\":\"1\"}").Agent("Lost.").Row(0);
        var otherIds = same with
        {
            Messages = [.. same.Messages.Select(m => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Text(m).Replace("c0", "x9")))],
        };
        var rejected = Rejected(Talk.Begin().User("One.").Call("{\"id\":\"2\",\"n\":2}").Agent("Done.").Row(0), (1, "agent"));

        Divergence.Between(accepted, Rejected(otherIds, (3, "agent"))).Pair!.Chosen.Text.Should().Be("Done.");
        Divergence.Between(accepted, rejected).Pair!.Refused.Calls[0].Arguments.GetProperty("id").GetString().Should().Be("2");
    }

    [Fact]
    public void What_is_no_lesson_is_no_pair()
    {
        var accepted = Talk.Begin().User("One.").Agent("Yes.").User("Two.").Agent("Good.").User("Bye.").Row(0);
        var other = Talk.Begin().User("One.").Agent("No.").User("Two.").Agent("Bad.").User("Bye.").Row(0);
        string? Reason(ShardRow chosen, ShardRow rejected) => Divergence.Between(chosen, rejected).Reason;

        Reason(accepted, Rejected(other, (1, "agent"), (3, "human"))).Should().Be(Divergence.OtherFault);
        Reason(accepted, Rejected(other, (1, "endpoint"))).Should().Be(Divergence.OtherFault);
        Reason(accepted, Rejected(other)).Should().Be(Divergence.OtherFault);
        Reason(accepted, Rejected(other, (3, "agent"))).Should().Be(Divergence.FailsLater);
        Reason(accepted, Rejected(other, (null, "agent"))).Should().Be(Divergence.FailsLater);
        Reason(accepted, Rejected(accepted, (1, "agent"))).Should().Be(Divergence.Same);
        var human = Talk.Begin().User("Uno.").Agent("No.").Row(0);
        Reason(accepted, Rejected(human, (1, "agent"))).Should().Be(Divergence.HumanFirst);
        var masked = Talk.Begin().User("One.").Agent("Yes.", train: false).User("Two.").Agent("Good.").Row(0);
        Reason(masked, Rejected(other, (1, "agent"))).Should().Be(Divergence.NotLearned);
    }

    [Fact]
    public void Rows_of_another_task_undecided_rows_and_rows_of_one_run_are_never_paired()
    {
        var talk = Talk.Begin().User("One.").Agent("Yes.");
        var bad = Rejected(Talk.Begin().User("One.").Agent("No.").Row(0), (1, "agent"));
        var first = _run.Run(talk.Row(0), talk.Row(1), talk.Row(2, RowStatus.Undecided));
        var second = _run.Run(
            bad with
            {
                Blueprint = "{\"task\":99}"u8.ToArray(),
            },
            bad with
            {
                Id = "run/2/0",
                Index = 2,
                Blueprint = talk.Row(2).Blueprint,
            }
        );

        FluentActions
            .Invoking(() =>
                _run.Make(
                    new()
                    {
                        Runs = [first, second],
                        Format = "trl-dpo",
                        Out = _run.Out(),
                    }
                )
            )
            .Should()
            .Throw<ExportException>()
            .WithMessage("no task was accepted in one of the runs*");
    }

    private static ShardRow Rejected(ShardRow row, params (int? Message, string Fault)[] failures) =>
        row with
        {
            Status = RowStatus.Rejected,
            Passes = [],
            RejectReasons = ["outcome.end-state"],
            Verdicts =
            [
                .. failures.Select(f =>
                    (ReadOnlyMemory<byte>)
                        Encoding.UTF8.GetBytes(
                            $$"""{"stage":"claims","check":"values","kind":"exact","outcome":"fail","fault":"{{f.Fault}}","evidence":"e"{{(
                                f.Message is { } m ? $",\"message\":{m}" : ""
                            )}}}"""
                        )
                ),
            ],
        };

    private static (Spoken[] Prompt, Spoken Chosen, Spoken Refused) Read(string format, Made made)
    {
        if (format == "trl-dpo")
        {
            var row = made.Rows().Single();
            return ([.. row["prompt"]!.AsArray().Select(m => Spoken.Of(m!.AsObject()))], One(row["chosen"]!), One(row["rejected"]!));
        }

        var line = made.Lines().Single();
        if (format == "openai-dpo")
            return (
                [.. line["input"]!["messages"]!.AsArray().Select(m => Spoken.Of(m!.AsObject()))],
                One(line["preferred_output"]!),
                One(line["non_preferred_output"]!)
            );
        return (Spoken.OfShareGpt(line), Spoken.OfTurn(line["chosen"]!.AsObject()), Spoken.OfTurn(line["rejected"]!.AsObject()));
    }

    private static Spoken One(System.Text.Json.Nodes.JsonNode list) => Spoken.Of(list.AsArray().Single()!.AsObject());

    private static Spoken Unlearned(Spoken message) => message with { Learned = null };

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
