using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human asks a question first, and keeps to themselves what the answer must be for them to make their wish. The value decides: the
/// gold makes the write, or ends with the answer. The reads are executed again before any write and show what they showed.
/// </summary>
internal sealed class DecidesOnAnswer(Pack pack)
{
    private const string Conduct =
        "You ask your question first, say that your decision depends on it, and wait for the answer. You do not say what you hope to hear.";

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        var requests = task.Scenario.Requests;
        if (requests.Length != 2 || !task.Refusals.IsEmpty || task.Outputs.Length != 1)
            return null;
        var (question, wish) = (requests.FirstOrDefault(r => r.Kind == RequestKind.Tell), requests.FirstOrDefault(r => r.IsPlain));
        if (question is not { Outputs: [0], Alternatives.IsEmpty: true } || wish is null)
            return null;
        var suits = random.Chance(0.5);
        return
            Limit.Of(task.Outputs[0], suits, random) is { } limit && new AnsweredFirst(pack).Of(task, question, wish, suits) is { } ordered
            ? Made(ordered, limit, suits)
            : null;
    }

    private static Blueprint Made(Blueprint task, Limit limit, bool suits)
    {
        var (question, wish) = (task.Scenario.Requests[0], task.Scenario.Requests[1] with { When = limit.When });
        var scenario = Telling.AllOf(Telling.AllOf(task.Scenario, question), wish);
        if (suits)
        {
            scenario = scenario with { Requests = [question, wish], Conduct = Conduct };
        }
        else
        {
            var unsaid = wish.Slots.Except(question.Slots, StringComparer.Ordinal).ToArray();
            scenario = scenario with
            {
                Requests = [question],
                Facts = [.. scenario.Facts.Where(f => !unsaid.Contains(f.Slot, StringComparer.Ordinal))],
                Conduct = $"{Sampling.InstructionWriter.Decided(limit.When, wish)} {Conduct}",
            };
        }

        return Rewording.Of(task, scenario) with
        {
            Depth = task.Depth + 1,
            AcceptedEndStates = suits ? task.AcceptedEndStates : [new("gold", StateDiff.Empty, [])],
            ClausesHeld = suits ? task.ClausesHeld : [],
            Twist = task.Twist! with { Decision = new(wish.Brief, suits, limit.Misread) },
        };
    }

    /// <summary>What the human hopes to hear, and an answer on the other side of it.</summary>
    private sealed record Limit(string When, string Misread)
    {
        private const int Step = 5;

        public static Limit? Of(ExpectedOutput output, bool suits, SeededRandom random)
        {
            if (output.Accepted.Length > 1)
                return null;
            var isUpper = random.Chance(0.5);
            // The limit lies above the value where an upper limit suits, or a lower limit does not.
            var above = isUpper == suits;
            return output.Value switch
            {
                JsonNumber { Value: > 0 and var value } when output.Type == "money" => OfMoney(value, isUpper, above, random),
                JsonNumber { Value: > 0 and var value } when output.Type == "count" => OfCount((int)value, isUpper, above, random),
                JsonText { Value: var text }
                    when output.Type == "date" && DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var day) => OfDate(
                    day,
                    isUpper,
                    above,
                    random
                ),
                _ => null,
            };
        }

        private static Limit? OfMoney(double value, bool isUpper, bool above, SeededRandom random)
        {
            var limit = Math.Round(value * (above ? 1.2 + (random.Next(6) * 0.1) : 0.4 + (random.Next(4) * 0.1)) / Step) * Step;
            var misread = above ? limit + 4.75 : limit - 3.25;
            return (above ? limit <= value : limit >= value || misread <= 0)
                ? null
                : new(
                    isUpper ? $"if it is at most ${limit:0}" : $"if it is at least ${limit:0}",
                    FieldValues.Say("money", Math.Round(misread, 2))
                );
        }

        private static Limit? OfCount(int value, bool isUpper, bool above, SeededRandom random)
        {
            var limit = above ? value + 1 + random.Next(3) : value - 1 - random.Next(2);
            var misread = above ? limit + 1 : limit - 1;
            return misread < 1
                ? null
                : new(isUpper ? $"if it is {limit} at most" : $"if it is {limit} at least", FieldValues.Say("count", misread));
        }

        private static Limit OfDate(DateOnly value, bool isUpper, bool above, SeededRandom random)
        {
            var limit = value.AddDays((above ? 1 : -1) * (2 + random.Next(6)));
            var misread = limit.AddDays(above ? 3 : -3);
            return new($"if it is {(isUpper ? "no later" : "no earlier")} than {Said(limit)}", Said(misread));
        }

        private static string Said(DateOnly day) => FieldValues.Say("date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}
