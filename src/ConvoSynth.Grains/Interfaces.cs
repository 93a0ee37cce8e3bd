using ConvoSynth.Core;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Grains;

/// <summary>Response timeouts of calls that may take longer than the runtime's default of 30 s.</summary>
internal static class Waits
{
    /// <summary>A model's answer: ten minutes, beyond which any endpoint has given up.</summary>
    public const string Model = "00:10:00";

    /// <summary>A shard being encoded, synced and committed.</summary>
    public const string Storage = "00:05:00";
}

/// <summary>One run. Key: the run's id.</summary>
[Alias("ConvoSynth.ICampaignGrain")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Begins the run or goes on with it. Saying it again changes nothing.</summary>
    [Alias("Start"), ResponseTimeout(Waits.Storage)]
    Task Start(RunSpec spec, CampaignWork work);

    /// <summary>Where it stands; one that has not begun, since it is new or its host died, must be told <see cref="Start"/>.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<CampaignStatus> Status();

    /// <summary>Admits nothing more; what is in flight ends and is committed. Then the status is finished.</summary>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout(Waits.Storage)]
    Task Stop();

    /// <summary>A partition's word on itself.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task Report(PartitionStatus status);
}

/// <summary>A contiguous range of a run's indexes. Key: run/partition.</summary>
[Alias("ConvoSynth.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Begins or goes on. Saying it again changes nothing.</summary>
    [Alias("Start"), ResponseTimeout(Waits.Storage)]
    Task Start(PartitionWork work);

    /// <summary>Takes what became of an index, once, from dialogues of its own epoch; anything else changes nothing.</summary>
    [Alias("Completed"), AlwaysInterleave, ResponseTimeout(Waits.Storage)]
    Task Completed(DialogueResult result);

    /// <summary>Admits nothing more; what is in flight ends and is committed.</summary>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout(Waits.Storage)]
    Task Stop();
}

/// <summary>Makes the blueprint of one index. Any activation can.</summary>
[Alias("ConvoSynth.IBlueprintGeneratorGrain")]
public interface IBlueprintGeneratorGrain : IGrainWithStringKey
{
    [Alias("Make")]
    Task<BlueprintReply> Make(RunSpec spec, long index, CancellationToken cancellationToken = default);
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
    [Alias("Open")]
    Task Open(RoleOpening opening);

    /// <summary>Waits for one model call at the most.</summary>
    [Alias("Reply"), ResponseTimeout(Waits.Model)]
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

/// <summary>Writes the rows of one partition in index order. Key: run/partition.</summary>
[Alias("ConvoSynth.ISinkGrain")]
public interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>Claims the partition's shards; every later call needs the epoch that comes back.</summary>
    [Alias("Open"), ResponseTimeout(Waits.Storage)]
    Task<SinkOpening> Open(RunSpec spec, int partition);

    /// <summary>Takes the result of an index; one that it has taken before changes nothing.</summary>
    [Alias("Append"), ResponseTimeout(Waits.Storage)]
    Task<SinkReceipt> Append(DialogueResult result);

    /// <summary>Commits what is written and lets go of the shards.</summary>
    [Alias("Close"), ResponseTimeout(Waits.Storage)]
    Task<SinkReceipt> Close(long epoch);
}
