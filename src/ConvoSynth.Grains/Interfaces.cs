using ConvoSynth.Core;
using ConvoSynth.Models;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Grains;

/// <summary>How long callers wait for a response; 30 s, Orleans' default, where a method says nothing.</summary>
internal static class ResponseTimes
{
    /// <summary>Of calls that await nothing but other such calls: a host that died is noticed in seconds, and the call is made again.</summary>
    public const string Short = "00:00:05";

    /// <summary>Of calls that scan, rewrite and sync files: on a slow disk they take minutes, and a call made again only waits behind the first.</summary>
    public const string Storage = "00:05:00";
}

/// <summary>One run. Key: the run's id.</summary>
[Alias("ConvoSynth.ICampaignGrain")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Begins the run or goes on with it. Saying it again changes nothing.</summary>
    [Alias("Start")]
    Task Start(RunSpec spec, CampaignWork work);

    /// <summary>Where it stands; one that has not begun, since it is new or its host died, must be told <see cref="Start"/>.</summary>
    [Alias("Status"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task<CampaignStatus> Status();

    /// <summary>Admits nothing more; what is in flight ends and is committed. Then the status is finished.</summary>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Stop();

    /// <summary>A partition's word on itself.</summary>
    [Alias("Report"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Report(PartitionStatus status);
}

/// <summary>A contiguous range of a run's indexes. Key: run/partition.</summary>
[Alias("ConvoSynth.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Begins or goes on. Saying it again changes nothing.</summary>
    [Alias("Start")]
    Task Start(PartitionWork work);

    /// <summary>What the partition may do from now on. Dialogues that are beyond it end as they would.</summary>
    [Alias("Grant"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Grant(PartitionGrant grant);

    /// <summary>Takes what became of an attempt, once, from dialogues of its own epoch; anything else changes nothing.</summary>
    [Alias("Completed"), AlwaysInterleave]
    Task Completed(DialogueResult result);

    /// <summary>Admits nothing more; what is in flight ends and is committed.</summary>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout(ResponseTimes.Short)]
    Task Stop();
}

/// <summary>Makes the blueprint of one index. Any activation can, and while one waits for a writer it makes others.</summary>
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
    /// Begins the dialogue and returns; it reports to its partition when it has ended. Saying it again changes nothing but the epoch of the
    /// report, where it is a later one.
    /// </summary>
    /// <returns>Whether it began now; false where it was running.</returns>
    [Alias("Start"), AlwaysInterleave]
    Task<bool> Start(DialogueWork work);
}

/// <summary>A party to a dialogue: holds its own view, answers when it is told what it has not heard.</summary>
[Alias("ConvoSynth.IRoleGrain")]
public interface IRoleGrain : IGrainWithStringKey
{
    /// <summary>
    /// Waits for one model call at the most. A caller whose response timed out asks again, and gets the answer when it is there: a long
    /// response timeout would only hide for longer that the host is gone.
    /// </summary>
    [Alias("Reply")]
    Task<RoleReply> Reply(RoleTurn turn, CancellationToken cancellationToken = default);

    /// <summary>The dialogue has ended.</summary>
    [Alias("Close")]
    Task Close();
}

/// <summary>The human of one dialogue. Key: run/index/attempt.</summary>
[Alias("ConvoSynth.ISimulatedHumanGrain")]
public interface ISimulatedHumanGrain : IRoleGrain;

/// <summary>The agent of one dialogue. Key: run/index/attempt.</summary>
[Alias("ConvoSynth.IAgentGrain")]
public interface IAgentGrain : IRoleGrain;

/// <summary>The deterministic checks. Any activation can.</summary>
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
    /// <summary>Settles one question. Saying it again waits for the same answer, or has it from the journal.</summary>
    [Alias("Ask"), AlwaysInterleave]
    Task<JudgeReply> Ask(QuestionWork work, CancellationToken cancellationToken = default);

    /// <summary>Votes on a whole dialogue. Saying it again is as above.</summary>
    [Alias("Vote"), AlwaysInterleave]
    Task<JudgeReply> Vote(VoteWork work, CancellationToken cancellationToken = default);
}

/// <summary>The answers of a partition's models, each durable before it is used. Key: run/partition.</summary>
[Alias("ConvoSynth.IJournalGrain")]
public interface IJournalGrain : IGrainWithStringKey
{
    /// <summary>Must come before the other calls, as their answer <see cref="JournalAnswer.NotOpen"/> says. Saying it again changes nothing.</summary>
    // Not as long as other calls of storage: two that are lost would outlast the nine minutes that a role gives its model.
    [Alias("Open")]
    Task<JournalReply> Open(JournalWork work);

    /// <summary>The text that answers a request, or none.</summary>
    [Alias("Find"), AlwaysInterleave]
    Task<JournalReply> Find(long epoch, string key, string requestHash);

    /// <summary>
    /// Returns when the text is durable. Where the request has another one already, that one stands and comes back; no text comes back where this one
    /// stands. Saying it again changes nothing.
    /// </summary>
    [Alias("Append"), AlwaysInterleave]
    Task<JournalReply> Append(long epoch, string key, string requestHash, string text);
}

/// <summary>One endpoint's quota, for all silos. Key: the endpoint's name.</summary>
[Alias("ConvoSynth.IEndpointGrain")]
public interface IEndpointGrain : IGrainWithStringKey
{
    /// <summary>Grants of what is wanted what there is.</summary>
    [Alias("Lease"), ResponseTimeout(ResponseTimes.Short)]
    Task<QuotaBlock> Lease(EndpointSpec spec, int requests, long tokens);
}

/// <summary>Writes the rows of one partition in index order. Key: run/partition.</summary>
[Alias("ConvoSynth.ISinkGrain")]
public interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>Claims the partition's shards; every later call needs the epoch that comes back.</summary>
    [Alias("Open"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkOpening> Open(PartitionWork work);

    /// <summary>Takes the result of an attempt; one that it has taken before changes nothing.</summary>
    [Alias("Append"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkReceipt> Append(DialogueResult result);

    /// <summary>What became of the rows so far.</summary>
    [Alias("Count"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkReceipt> Count(long epoch);

    /// <summary>Commits what is written and lets go of the shards.</summary>
    [Alias("Close"), ResponseTimeout(ResponseTimes.Storage)]
    Task<SinkReceipt> Close(long epoch);
}
