using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Dialogue;

namespace ConvoSynth.Grains.Telemetry;

/// <summary>
/// Telemetry of the grains: a span per attempt at a dialogue and counts of how the attempts ended. Names only, no text of dialogues.
/// Nothing is measured without a listener.
/// </summary>
public static class DialogueInstruments
{
    public const string Name = "ConvoSynth.Grains";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Dialogues = Meter.CreateCounter<long>(
        "convosynth.dialogues",
        "{dialogue}",
        "Attempts at dialogues that ended, by domain and how."
    );
    private static readonly Counter<long> Rejections = Meter.CreateCounter<long>(
        "convosynth.rejections",
        "{rejection}",
        "Checks that rejected an attempt."
    );
    private static readonly Counter<long> Undecided = Meter.CreateCounter<long>(
        "convosynth.undecided",
        "{check}",
        "Checks that left an attempt undecided."
    );
    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>(
        "convosynth.dialogues.in_flight",
        "{dialogue}",
        "Dialogues under way."
    );
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "convosynth.dialogue.duration",
        "s",
        "From the beginning of an attempt to its verdicts."
    );

    private static readonly Counter<double> Cost = Meter.CreateCounter<double>(
        "convosynth.model.cost",
        "{USD}",
        "What the answers cost that dialogues used; of a run that is resumed, also of those that its journal had."
    );
    private static readonly Counter<long> FailedTries = Meter.CreateCounter<long>(
        "convosynth.model.failed_tries",
        "{try}",
        "Tries that failed and were followed by another, by reason."
    );

    /// <summary>Records the calls whose answers a dialogue used.</summary>
    private static void Used(ImmutableArray<ModelCall> calls)
    {
        if (!Cost.Enabled && !FailedTries.Enabled)
            return;
        foreach (var call in calls)
        {
            var (role, endpoint) = (
                new KeyValuePair<string, object?>("convosynth.role", call.Role),
                new KeyValuePair<string, object?>("convosynth.endpoint", call.Endpoint)
            );
            if (call.Cost is { } cost)
                Cost.Add((double)cost, role, endpoint);
            foreach (var failed in call.FailedTries)
                FailedTries.Add(1, role, new("convosynth.endpoint", failed.Endpoint), new("convosynth.reason", failed.Reason));
        }
    }

    /// <returns>The span of the dialogue, to pass to <see cref="Ended"/>; null without a listener.</returns>
    internal static Activity? Began(DialogueWork work)
    {
        InFlight.Add(1);
        return Source
            .StartActivity("dialogue")
            ?.SetTag("convosynth.run", work.RunId)
            .SetTag("convosynth.index", work.Index)
            .SetTag("convosynth.attempt", work.Attempt);
    }

    internal static void Ended(string domain, DialogueResult? result, Activity? activity, TimeSpan elapsed)
    {
        InFlight.Add(-1);
        if (result is { Calls.IsEmpty: false })
            Used(result.Calls);
        if (result is not null && Dialogues.Enabled)
        {
            var tag = new KeyValuePair<string, object?>("convosynth.domain", domain);
            Dialogues.Add(1, tag, new("convosynth.status", StatusOf(result)));
            Duration.Record(elapsed.TotalSeconds, tag);
            foreach (var reason in result.Trajectory?.RejectReasons ?? [])
                Rejections.Add(1, tag, new KeyValuePair<string, object?>("convosynth.check", reason));
            foreach (var reason in result.Trajectory?.UndecidedReasons ?? [])
                Undecided.Add(1, tag, new("convosynth.check", reason));
        }

        if (activity is null)
            return;
        if (result is not null)
            activity.SetTag("convosynth.status", StatusOf(result));
        if (result?.Trajectory is { } trajectory)
            activity
                .SetTag("convosynth.domain", trajectory.Blueprint.Domain)
                .SetTag("convosynth.intent", trajectory.Blueprint.Intent)
                .SetTag("convosynth.messages", trajectory.Conversation.Messages.Length);
        activity.SetStatus(result is { Error: null } ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        activity.Dispose();
    }

    private static string StatusOf(DialogueResult result) => result.Trajectory?.Status ?? RowStatus.Failed;
}
