using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Tests;
using ConvoSynth.Models;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Verification.Tests;

/// <summary>Seats of a committee with drawn orders, labels and early end.</summary>
public sealed class SittingTests
{
    private static readonly CommitteeQuestion Renewal = new(
        "loans",
        "You want Dune renewed.",
        "loans/L1001/due: 1 → 2",
        Judging.Quoted(LoanTalks.Clean().Done(), 0, 11)
    );

    [Fact]
    public async Task Asking_ends_when_every_majority_is_certain_and_never_asks_a_seat_in_vain()
    {
        for (var bits = 0; bits < 32; bits++)
        {
            FixedSeat[] seats = [.. Enumerable.Range(0, 5).Select(s => new FixedSeat($"s{s}", (bits >> s) & 1))];
            var sitting = new Sitting(new Seed(9).For(bits), InFull: false);

            var verdicts = await new Committee(seats, sitting).VoteAsync(Renewal, default);

            var wanted = seats.Count(s => s.Vote == 1) > 2 ? Outcome.Pass : Outcome.Fail;
            verdicts.Should().OnlyContain(v => v.Outcome == wanted);
            var (ones, zeros) = (seats.Count(s => s.Asked == 1 && s.Vote == 1), seats.Count(s => s.Asked == 1 && s.Vote == 0));
            Math.Max(ones, zeros).Should().Be(3, "the third like vote of five decides");
            verdicts[0].Votes!.Value.Should().HaveCount(ones + zeros);
        }
    }

    [Fact]
    public async Task A_sitting_in_full_asks_every_seat_and_questions_too()
    {
        FixedSeat[] seats = [new("a", 1), new("b", 1), new("c", 1)];
        var committee = new Committee(seats, new(new Seed(1), InFull: true));

        await committee.VoteAsync(Renewal, default);
        var answer = await ((IJudge)committee).AskAsync(new("claims.values", "Is the rule kept?", []), default);

        seats.Should().OnlyContain(s => s.Asked == 2);
        answer.Votes.Select(v => v.Judge).Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task A_seat_without_a_vote_makes_no_majority_certain()
    {
        FixedSeat[] seats = [new("a", 1), new("b", null), new("c", 0)];

        var verdicts = await new Committee(seats, new(new Seed(3), InFull: false)).VoteAsync(Renewal, default);

        seats.Should().OnlyContain(s => s.Asked == 1);
        verdicts.Should().OnlyContain(v => v.Outcome == Outcome.Unsure);
        verdicts[0].Votes!.Value.Select(v => v.Answer).Should().Equal("1", "none", "0");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_preference_for_one_label_cancels_out_and_one_for_a_meaning_is_kept(int label)
    {
        var (met, missed) = (0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var ballot = await Vote(seed, criterion => label, Quote);
            met += ballot.Marks.Sum(m => m.Met);
            missed += ballot.Marks.Count(m => m.Met == 0);
        }

        // 400 fair draws lie within 4.5 standard deviations, 45, of their mean.
        (met / 3.0)
            .Should()
            .BeInRange(155, 245);
        (met + missed).Should().Be(1200);
    }

    [Fact]
    public async Task The_order_of_criteria_the_meaning_of_1_and_the_name_of_the_call_go_together()
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 200; seed++)
        {
            var model = new Labelled(_ => 1, Quote);
            var ballot = await Seat(model, new Seed((ulong)seed)).VoteAsync(Renewal, default);
            var asked = model.Asked.Single();
            var isSwapped = asked.System.Contains("1 if the criterion is missed, 0 if it is met", StringComparison.Ordinal);
            asked.Key.Part.Should().Be(isSwapped ? "committee-swapped" : "committee");
            ballot.Marks.Should().OnlyContain(m => m.Met == (isSwapped ? 0 : 1));
            var order = ((JsonMap)asked.Schema["properties"]).Keys.Where(k => !k.EndsWith("_evidence", StringComparison.Ordinal));
            asked.System.Should().Contain($"in this order: {string.Join(", ", order)}.");
            forms.Add($"{isSwapped} {string.Join(' ', order)}");
        }

        forms.Should().HaveCount(12, "three criteria have six orders, and 1 has two meanings");
    }

    [Fact]
    public async Task Each_criterion_needs_evidence_of_its_own_from_a_message_or_a_line_of_the_changes()
    {
        (await Vote(1, _ => 1, c => "\"loans/L1001/due: 1 → 2\"")).Problem.Should().BeNull();

        var unread = await Vote(1, _ => 1, c => c == "naturalness" ? "It reads well." : Quote(c));

        unread.Marks.Should().BeEmpty();
        unread.Problem.Should().Contain("naturalness_evidence: the evidence quotes nothing");
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public async Task A_question_is_asked_in_both_senses_and_its_answer_is_told_in_one(string said)
    {
        var kept = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var model = new Answering($$"""{"answer":"{{said}}","evidence":"\"Dune\""}""");
            var question = Judging.QuestionOf(Unsure, LoanTalks.Clean().Done());

            var answer = await Seat(model, new Seed((ulong)seed)).AskAsync(question, default);

            var isSwapped = model.Asked[0].User.Contains("Is the rule broken", StringComparison.Ordinal);
            model.Asked[0].User.Contains("Is the rule kept", StringComparison.Ordinal).Should().Be(!isSwapped);
            model.Asked[0].System.Should().Contain(isSwapped ? "answer no if it is kept" : "answer yes if it is kept");
            model.Asked[0].Key.Part.Should().Be(isSwapped ? "swapped" : "");
            answer.Outcome.Should().Be((said == "yes") != isSwapped ? Outcome.Pass : Outcome.Fail);
            answer.Votes[0].Answer.Should().Be(answer.Outcome == Outcome.Pass ? "yes" : "no");
            kept += answer.Outcome == Outcome.Pass ? 1 : 0;
        }

        kept.Should().BeInRange(68, 132, "200 fair draws lie within 4.5 standard deviations of 100");
    }

    [Fact]
    public async Task A_task_is_judged_by_its_notes_tools_plan_and_changes_in_a_stage_of_its_own()
    {
        var model = new Labelled(_ => 1, _ => "\"You\"");
        var seat = Seat(model, new Seed(2));

        var verdicts = await new Committee([seat]).VoteAsync(CommitteeQuestion.Of(Tasks.Renewal, TestPacks.Loans), default);

        verdicts
            .Select(v => v.Name)
            .Should()
            .Equal("blueprint.correctness", "blueprint.completeness", "blueprint.satisfaction", "blueprint.creativity");
        verdicts.Should().OnlyContain(v => v.Kind == CheckKind.Judge && v.Votes!.Value.Length == 1);
        var asked = model.Asked.Single();
        asked.Key.Part.Should().StartWith("blueprint");
        asked.System.Should().Contain("renew_loan").And.Contain("Look at this first");
        asked.User.Should().Contain(Tasks.Renewal.Instruction).And.Contain("loans/L1001/due").And.Contain("1. ");
    }

    [Fact]
    public void About_the_wanted_share_is_judged_in_full_and_a_spec_without_a_committee_draws_nothing()
    {
        var spec = new RunSpec
        {
            RunId = "run",
            Domains = ["loans"],
            Count = 20_000,
            Seed = 4,
            Roles = new()
            {
                Human = "a",
                Agent = "a",
                Judges = ["a"],
                Committee = new(),
            },
        };

        // 20,000 draws of 5 % lie within 4.5 standard deviations, 139, of 1,000.
        Enumerable.Range(0, 20_000).Count(i => Sitting.OnDialogue(spec, i, 0).InFull).Should().BeInRange(861, 1139);
        Sitting.OnDialogue(spec, 7, 1).Should().Be(Sitting.OnDialogue(spec, 7, 1)).And.NotBe(Sitting.OnDialogue(spec, 7, 0));
        Sitting.OnBlueprint(spec, 7).Should().NotBe(Sitting.OnDialogue(spec, 7, 0));
        Sitting.OnDialogue(spec with { Roles = spec.Roles! with { Committee = null } }, 7, 0).Should().Be(Sitting.Plain);
    }

    private static Verdict Unsure { get; } =
        new()
        {
            Stage = "claims",
            Check = "values",
            Kind = CheckKind.Language,
            Outcome = Outcome.Unsure,
            Message = 3,
            Evidence = "a value",
        };

    private static string Quote(string criterion) => "It says \"Dune\".";

    private static Task<Ballot> Vote(int seed, Func<string, int> vote, Func<string, string> evidence) =>
        Seat(new Labelled(vote, evidence), new Seed((ulong)seed)).VoteAsync(Renewal, default);

    private static ModelJudge Seat(IStructuredModel model, Seed draw) =>
        new("seat", model, ShippedPrompts.Set, TestPacks.Loans, new("run", 0, 0), journal: null)
        {
            Draws = (draw, draw.For("task")),
            Rubric = "prices",
        };

    /// <summary>Writes the same labels whatever they mean.</summary>
    private sealed class Labelled(Func<string, int> vote, Func<string, string> evidence) : IStructuredModel
    {
        public string Name => "labelled";

        public List<StructuredRequest> Asked { get; } = [];

        public ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            var answer = Json.Map();
            foreach (var field in ((JsonMap)request.Schema["properties"]).Keys)
            {
                var criterion = field.Replace("_evidence", "", StringComparison.Ordinal);
                answer = answer.With(field, field == criterion ? (Json)vote(criterion) : evidence(criterion));
            }

            var problem = request.Problem(answer);
            return new(new StructuredResponse(problem is null ? answer : null, problem, []));
        }
    }

    private sealed class FixedSeat(string name, int? vote) : IJudgeSeat
    {
        public string Name => name;

        public int? Vote => vote;

        public int Asked { get; private set; }

        public Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(
                vote is { } met
                    ? new([.. Criterion.OfDialogues.Select(c => new Mark(c.Name, met, "\"Dune\""))], null)
                    : Ballot.None("it is away")
            );
        }

        public Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new JudgeAnswer(vote == 1 ? Outcome.Pass : Outcome.Fail, Fault.Agent, "because"));
        }
    }
}
