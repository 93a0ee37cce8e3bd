using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>Answers that cost something: durable before they are used, in few syncs, for the latest owner only.</summary>
public sealed class Journals
{
    private static readonly RunSpec Spec = Setups.Spec with { FaultRate = 0 };

    [Fact]
    public void Appends_that_come_while_a_sync_is_under_way_share_the_next_one()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        var journal = Opened(world, epoch: 1);
        var syncs = new List<TaskCompletionSource>();
        storage.Syncing = _ => Pending(syncs);

        var first = journal.Append(1, "run/0/0/agent/0", "h", "text 0");
        world.Steps.Run();
        Task<JournalReply>[] others =
        [
            .. Enumerable.Range(1, 2_000).Select(i => journal.Append(1, $"run/{i}/0/agent/0", "h", $"text {i}")),
        ];
        world.Steps.Run();

        syncs.Should().HaveCount(1);
        first.IsCompleted.Should().BeFalse("nothing is used before it is durable");
        syncs[0].SetResult();
        world.Result(first)!.Answer.Should().Be(JournalAnswer.Done);
        syncs.Should().HaveCount(2, "all that came meanwhile go out together");
        others.Should().OnlyContain(t => !t.IsCompleted);
        syncs[1].SetResult();
        others.Select(t => world.Result(t)!.Answer).Should().AllBeEquivalentTo(JournalAnswer.Done);
        syncs.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_answers_to_one_request_the_first_stands_whether_it_is_durable_yet_or_not(bool wire)
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Wire = wire });
        var journal = Opened(world, epoch: 1);
        var syncs = new List<TaskCompletionSource>();
        storage.Syncing = _ => Pending(syncs);

        var first = journal.Append(1, "run/0/0/agent/0", "h", "first");
        var second = journal.Append(1, "run/0/0/agent/0", "h", "second");
        var asked = journal.Find(1, "run/0/0/agent/0", "h");
        world.Steps.Run();
        second.IsCompleted.Should().BeFalse();
        asked.IsCompleted.Should().BeFalse("what is found may be used");
        syncs.Single().SetResult();

        world.Result(first).Should().Be(new JournalReply(JournalAnswer.Done), "what stands is what was offered");
        world.Result(second)!.Text.Should().Be("first");
        world.Result(asked)!.Text.Should().Be("first");
        world.Result(journal.Append(1, "run/0/0/agent/0", "h", "third"))!.Text.Should().Be("first");
        world
            .Result(journal.Append(1, "run/0/0/agent/0", "h", "first"))
            .Should()
            .Be(new JournalReply(JournalAnswer.Done), "a call that is repeated changes nothing");
        world.Result(journal.Find(1, "run/0/0/agent/0", "other")).Should().Be(new JournalReply(JournalAnswer.Done));
    }

    [Fact]
    public void An_owner_before_the_latest_one_is_refused()
    {
        using var world = new World(new());
        var journal = Opened(world, epoch: 2);

        world.Result(journal.Append(1, "run/0/0/agent/0", "h", "late"))!.Answer.Should().Be(JournalAnswer.OtherOwner);
        world.Result(journal.Append(3, "run/0/0/agent/0", "h", "text"))!.Answer.Should().Be(JournalAnswer.Done);
        world.Result(journal.Find(2, "run/0/0/agent/0", "h"))!.Answer.Should().Be(JournalAnswer.OtherOwner, "a later owner was here");
        world.Result(journal.Open(new(Spec.RunId, 0, 2)))!.Answer.Should().Be(JournalAnswer.OtherOwner);
    }

    [Fact]
    public void A_new_activation_asks_to_be_opened_and_knows_what_was_durable()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        world.Result(Opened(world, epoch: 1).Append(1, "run/0/0/agent/0", "h", "text"));
        world.Cluster.Crash(id => id.ToString().Contains("journal", StringComparison.OrdinalIgnoreCase)).Should().Be(1);
        var journal = world.Grains.GetGrain<IJournalGrain>("run/0");

        world.Result(journal.Find(1, "run/0/0/agent/0", "h"))!.Answer.Should().Be(JournalAnswer.NotOpen);
        world.Result(journal.Open(new(Spec.RunId, 0, 1)))!.Answer.Should().Be(JournalAnswer.Done);
        world.Result(journal.Find(1, "run/0/0/agent/0", "h"))!.Text.Should().Be("text");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_was_overtaken_answers_nothing_more(bool appends)
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        var first = Opened(world, epoch: 1);
        world.Cluster.Forget(id => id.ToString().Contains("journal", StringComparison.OrdinalIgnoreCase)).Should().Be(1);
        var second = Opened(world, epoch: 1);

        // The overtaken activation then ends, and a repeated call reaches the other one.
        var late = appends ? first.Append(1, "run/0/0/agent/0", "h", "late") : first.Find(1, "run/0/0/agent/0", "h");
        world.Result(late)!.Answer.Should().Be(JournalAnswer.NotOpen, "the other may have what it does not");
        world.Result(first.Find(1, "run/0/0/agent/0", "h")).Should().Be(new JournalReply(JournalAnswer.Done));
        world.Result(second.Find(1, "run/0/0/agent/0", "h")).Should().Be(new JournalReply(JournalAnswer.Done));
    }

    [Fact]
    public void A_run_of_models_that_need_no_journal_has_none()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);

        world.Carry(Spec);

        storage.List("run/journal").Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_answer_of_a_run_is_in_its_journal_and_no_owner_pays_for_it_again(bool wire)
    {
        var storage = new MemoryStorage();
        var paid = new List<string>();
        using (var world = new World(storage, new() { Wire = wire, Setup = s => Journaled(s, paid) }))
            world.Carry(Spec).Counts.Done.Should().Be(40);
        var rows = Runs.Rows(storage);
        paid.Should().OnlyHaveUniqueItems();
        PartitionJournal.Partitions(Runs.Folder(storage)).Should().Equal(0, 1, 2);
        Enumerable.Range(0, 3).Sum(p => PartitionJournal.Read(Runs.Folder(storage), p).Count).Should().Be(paid.Count);

        // Only the rows are lost: from the journal, another owner makes the same rows without a model call.
        foreach (var folder in new[] { "run/manifest", "run/accepted", "run/rejected" })
        {
            foreach (var name in storage.List(folder))
                storage.Delete(Path.Combine(folder, name));
        }

        var again = new List<string>();
        using (var world = new World(storage, new() { Wire = wire, Setup = s => Journaled(s, again) }))
            world.Carry(Spec).Counts.Done.Should().Be(40);
        again.Should().BeEmpty();
        Runs.Rows(storage).Select(Text).Should().Equal(rows.Select(Text));

        static string Text(ShardRow row) => System.Text.Json.JsonSerializer.Serialize(row);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_is_played_back_from_its_journal_to_the_same_shards(bool wire)
    {
        var (storage, played) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(storage, new() { Setup = s => Journaled(s, [], failsAt: 7) }))
            world.Carry(Spec).Counts.Failed.Should().Be(1);
        var journal = new RunJournal(Runs.Folder(storage), Spec);
        var paid = new List<string>();

        using (
            var world = new World(
                played,
                new() { Wire = wire, Setup = s => Journaled(s, paid) with { Record = journal, HasAttempt = journal.HasAttempt } }
            )
        )
            world.Carry(Spec).Error.Should().BeNull();

        paid.Should().BeEmpty();
        journal.FirstMissing.Should().BeNull();
        Runs.Shards(played).Should().Equal(Runs.Shards(storage), "the one that failed fails again, with the same words");
        played.List("run/journal").Should().BeEmpty();
    }

    [Fact]
    public void A_changed_request_is_named_when_a_run_is_played_back()
    {
        var (storage, played) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(storage, new() { Setup = s => Journaled(s, []) }))
            world.Carry(Spec);
        var journal = new RunJournal(Runs.Folder(storage), Spec);

        using (var world = new World(played, new() { Setup = s => Journaled(s, [], hash: "another prompt") with { Record = journal } }))
            world.Carry(Spec).Counts.Failed.Should().Be(40);

        journal.MissingAnswers.Should().Be(40);
        journal
            .FirstMissing!.Reason.Should()
            .Be(
                "the journal of run has the answer to run/0/0/human/0 to another request: a prompt, the pack or a setting of the endpoint "
                    + "has changed since"
            );
        Runs.Rows(played)[0].RejectReasons.Should().Equal(journal.FirstMissing.Reason);
    }

    [Fact]
    public void An_attempt_that_was_not_had_cannot_be_had_when_a_run_is_played_back()
    {
        var (storage, played) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(storage, new() { Setup = s => Journaled(s, []) }))
            world.Carry(Spec);
        var journal = new RunJournal(Runs.Folder(storage), Spec);
        journal.HasAttempt(4, 0).Should().BeTrue();
        journal.HasAttempt(4, 1).Should().BeFalse();

        // A newer check finds that the human broke its role in a dialogue that was accepted at the time.
        using (
            var world = new World(
                played,
                new() { Setup = s => Accusing(Journaled(s, []) with { Record = journal, HasAttempt = journal.HasAttempt }) }
            )
        )
            world.Carry(Spec).Error.Should().BeNull();

        var row = Runs.Rows(played).Single(r => r.Index == 4);
        (row.Attempt, row.Status).Should().Be((0, RowStatus.Rejected));
        row.RejectReasons.Should().Equal("test.human");
        journal.FirstMissing.Should().BeNull();
    }

    [Fact]
    public void Where_the_journal_cannot_be_kept_the_run_stops_and_goes_on_with_what_is_durable()
    {
        var storage = new MemoryStorage();
        var (paid, appends) = (new List<string>(), 0);
        storage.Before = (operation, path) =>
        {
            if (operation == "sync" && path.EndsWith(".journal", StringComparison.Ordinal) && ++appends == 60)
                throw new ShardException(ShardError.DiskFull, $"'{path}' cannot be written: the disk is full.");
        };
        using (var world = new World(storage, new() { Setup = s => Journaled(s, paid) }))
        {
            var status = world.Carry(Spec);
            status.Error.Should().Match("'run/journal/p0000?-00001.journal' cannot be written: the disk is full.");
            status.Counts.Failed.Should().Be(0, "the dialogue is not to blame");
        }

        storage.Before = null;
        var before = paid.Count;
        using (var world = new World(storage, new() { Setup = s => Journaled(s, paid) }))
            world.Carry(Spec).Error.Should().BeNull();
        Runs.Rows(storage).Should().HaveCount(40).And.NotContain(r => r.Status == RowStatus.Failed);
        before.Should().BePositive();
        (paid.Count - paid.Distinct(StringComparer.Ordinal).Count())
            .Should()
            .BeLessThan(16, "only what was in flight when storage failed is paid for again");
    }

    private static IJournalGrain Opened(World world, long epoch)
    {
        var journal = world.Grains.GetGrain<IJournalGrain>("run/0");
        world.Result(journal.Open(new(Spec.RunId, 0, epoch)))!.Answer.Should().Be(JournalAnswer.Done);
        return journal;
    }

    private static Task Pending(List<TaskCompletionSource> syncs)
    {
        syncs.Add(new());
        return syncs[^1].Task;
    }

    private static RunSetup Journaled(RunSpec spec, List<string> paid, long? failsAt = null, string hash = "hash")
    {
        var setup = Setups.Of(spec);
        return setup with
        {
            Human = new Kept(setup.Human, "human", paid, failsAt, hash),
            Agent = new Kept(setup.Agent, "agent", paid, failsAt, hash),
        };
    }

    private static RunSetup Accusing(RunSetup setup) =>
        setup with
        {
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal)
            {
                ["loans"] = setup.Verifiers["loans"].With(new HumanAt(4)),
            },
        };

    private sealed class HumanAt(long index) : ICheck
    {
        public void Run(Trace trace, System.Collections.Immutable.ImmutableArray<Verdict>.Builder verdicts)
        {
            if (trace.Blueprint.Index == index)
                verdicts.Add(
                    new()
                    {
                        Stage = "test",
                        Check = "human",
                        Kind = CheckKind.Exact,
                        Outcome = Outcome.Fail,
                        Fault = Fault.Human,
                    }
                );
        }
    }

    /// <summary>A model that uses the journal, like a model behind an endpoint.</summary>
    private sealed class Kept(IChatModel inner, string role, List<string> paid, long? failsAt, string hash) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            var key = new CallKey(request.Dialogue, role, request.Step);
            var call = await request.Journal!.Find(key, hash, cancellationToken);
            if (call is null)
            {
                if (request.Dialogue.Index == failsAt && request.Step == 1)
                    throw new InvalidDataException("the endpoint has no answer");
                paid.Add(key.ToString());
                var response = await inner.Respond(request, cancellationToken);
                var body = System.Text.Json.JsonSerializer.Serialize((response.Message, response.Finish), Options);
                call = await request.Journal.Append(
                    new()
                    {
                        Key = key,
                        RequestHash = hash,
                        Body = body,
                        Call = new(role, "fake", new(paid.Count, 0, 1, 0), 0.25m, 1.5) { FailedTries = [new("fake", "429", 0.1)] },
                    },
                    cancellationToken
                );
            }

            var (message, finish) = System.Text.Json.JsonSerializer.Deserialize<(Message, FinishReason)>(call.Body, Options);
            return new()
            {
                Message = message,
                Model = Name,
                Finish = finish,
                Usage = call.Call.Usage,
            };
        }

        private static readonly System.Text.Json.JsonSerializerOptions Options = new() { IncludeFields = true };
    }
}
