using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Grains.Rows;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Grains;

/// <summary>Response timeouts of grain calls. Methods without one have Orleans' default of 30 s.</summary>
internal static class ResponseTimes
{
    /// <summary>For calls that await only other short calls: callers notice a dead host within seconds and retry.</summary>
    public const string Short = "00:00:05";

    /// <summary>
    /// For calls that scan, rewrite and sync files: a slow disk takes minutes, and a retry only queues behind the first call.
    /// </summary>
    public const string Storage = "00:05:00";
}

/// <summary>One run. Key: the run's id.</summary>
[Alias("ConvoSynth.ICampaignGrain")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Starts or resumes the run, whose spec the silo's catalog has. Idempotent.</summary>
    [Alias("Start")]
    Task Start(CampaignWork work);

    /// <summary>
    /// Progress so far. A campaign that is new or whose host died reports <see cref="CampaignStatus.Begun"/> as false and needs
    /// <see cref="Start"/>.
    /// </summary>
    [Alias("Status"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task<CampaignStatus> Status();

    /// <summary>Admits no further dialogue; those in flight end and are committed. Then the status is finished.</summary>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Stop();

    /// <summary>Receives a partition's progress. Drops reports that are out of order or from a fenced activation.</summary>
    [Alias("Report"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Report(PartitionStatus status);
}

/// <summary>A contiguous range of a run's indexes. Key: run/partition.</summary>
[Alias("ConvoSynth.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts or resumes the partition, and says what it may do from now on; dialogues beyond that still run to their end. Idempotent.
    /// </summary>
    [Alias("Start"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Start(PartitionWork work);

    /// <summary>
    /// Records the end of an attempt once, from dialogues of the partition's own epoch; any other report is ignored.
    /// </summary>
    [Alias("Completed"), AlwaysInterleave]
    Task Completed(AttemptEnd end);

    /// <summary>
    /// Lends a dialogue's permit to others, or takes it back. Dialogues that began on the loan play to their end. Idempotent; ignored for
    /// a dialogue that is not in flight, and for another attempt or epoch.
    /// </summary>
    [Alias("Lend"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Lend(PermitLoan loan);
}

/// <summary>Makes the blueprint of one index. Any activation can; it makes others while one waits for a writer.</summary>
[Alias("ConvoSynth.IBlueprintGeneratorGrain")]
public interface IBlueprintGeneratorGrain : IGrainWithStringKey
{
    [Alias("Make"), AlwaysInterleave]
    Task<BlueprintReply> Make(BlueprintWork work, CancellationToken cancellationToken = default);
}

/// <summary>One dialogue. Key: run/index/attempt.</summary>
[Alias("ConvoSynth.IDialogueGrain")]
public interface IDialogueGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the dialogue and returns; the dialogue reports to its partition when it has ended. Idempotent, except that a later epoch
    /// becomes that of the report.
    /// </summary>
    /// <returns>Whether this call started it; false if it was running.</returns>
    [Alias("Start"), AlwaysInterleave]
    Task<bool> Start(DialogueWork work);
}

/// <summary>A party to a dialogue: holds its own view of the conversation, and answers the messages that it has not seen.</summary>
[Alias("ConvoSynth.IRoleGrain")]
public interface IRoleGrain : IGrainWithStringKey
{
    /// <summary>
    /// Waits for at most one model call. A caller whose response timed out asks again and gets the answer once it is there. A long
    /// response timeout would only delay the detection of a dead host.
    /// </summary>
    [Alias("Reply")]
    Task<RoleReply> Reply(RoleTurn turn, CancellationToken cancellationToken = default);

    /// <summary>The dialogue has ended: the role deactivates.</summary>
    [Alias("Close")]
    Task Close();
}

/// <summary>The human of one dialogue. Key: run/index/attempt.</summary>
[Alias("ConvoSynth.ISimulatedHumanGrain")]
public interface ISimulatedHumanGrain : IRoleGrain;

/// <summary>The agent of one dialogue. Key: run/index/attempt.</summary>
[Alias("ConvoSynth.IAgentGrain")]
public interface IAgentGrain : IRoleGrain;

/// <summary>The deterministic checks. Any activation can run them.</summary>
[Alias("ConvoSynth.IVerifierGrain")]
public interface IVerifierGrain : IGrainWithStringKey
{
    [Alias("Verify")]
    Task<VerificationReply> Verify(VerificationWork work, CancellationToken cancellationToken = default);
}

/// <summary>One seat of the committee. Key: the judge's name.</summary>
[Alias("ConvoSynth.IJudgeGrain")]
public interface IJudgeGrain : IGrainWithStringKey
{
    /// <summary>Settles one question. A repeated call joins the running one or reads the journal.</summary>
    [Alias("Ask"), AlwaysInterleave]
    Task<JudgeReply> Ask(QuestionWork work, CancellationToken cancellationToken = default);

    /// <summary>Votes on a whole dialogue or a task. A repeated call joins the running one or reads the journal.</summary>
    [Alias("Vote"), AlwaysInterleave]
    Task<JudgeReply> Vote(VoteWork work, CancellationToken cancellationToken = default);
}

/// <summary>The model answers of a partition, each durable before it is used. Key: run/partition.</summary>
[Alias("ConvoSynth.IJournalGrain")]
public interface IJournalGrain : IGrainWithStringKey
{
    /// <summary>Must precede the other calls, which otherwise return <see cref="JournalAnswer.NotOpen"/>. Idempotent.</summary>
    // No storage timeout of 5 minutes: two lost calls would then outlast the nine minutes that a role gives its model.
    [Alias("Open")]
    Task<JournalReply> Open(JournalWork work);

    /// <returns>The stored answer to a request; a null text if there is none.</returns>
    [Alias("Find"), AlwaysInterleave]
    Task<JournalReply> Find(long epoch, string key, string requestHash);

    /// <summary>
    /// Returns when the text is durable. First writer wins: returns the existing answer, or null if <paramref name="text"/> was stored.
    /// Idempotent.
    /// </summary>
    [Alias("Append"), AlwaysInterleave]
    Task<JournalReply> Append(long epoch, string key, string requestHash, string text);
}

/// <summary>Writes the rows of one partition in index order. Key: run/partition.</summary>
[Alias("ConvoSynth.ISinkGrain")]
public interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>Claims the partition's shards. Every later call must present the returned epoch.</summary>
    [Alias("Open"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkOpening> Open(PartitionWork work);

    /// <summary>
    /// Accepts the result of an attempt from its dialogue. Idempotent per attempt: the first result stands. The partition's admission
    /// bounds how many results wait for earlier ones.
    /// </summary>
    // No storage timeout of 5 minutes: a lost result would keep its index, and all later rows, waiting for so long.
    [Alias("Append")]
    Task<SinkReceipt> Append(DialogueResult result);

    /// <summary>Counts of the rows written so far.</summary>
    [Alias("Count"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkReceipt> Count(long epoch);

    /// <summary>Commits what is written and releases the shards.</summary>
    [Alias("Close"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkReceipt> Close(long epoch);
}
