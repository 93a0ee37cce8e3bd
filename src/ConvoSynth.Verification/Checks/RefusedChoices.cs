using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// Judges a wish whose two choices are both refused, each for its own reason. The words that only one choice has tell which choice a
/// sentence refuses. The reasons in that sentence must fit that choice.
/// </summary>
internal sealed class RefusedChoices
{
    // Words that announce the second choice.
    private static readonly string[] Second = [" alternative ", " second choice ", " second option ", " other option "];

    // The share of a choice's own words that a sentence needs to name the choice.
    private const double Enough = 0.5;

    private readonly Trace _trace;
    private readonly ClauseReasons _reasons;
    private readonly ExpectedRefusal _refusal;
    private readonly Choice _first;
    private readonly Choice _last;

    private RefusedChoices(Trace trace, ClauseReasons reasons, ExpectedRefusal refusal, Alternative first, Alternative last)
    {
        (_trace, _reasons, _refusal) = (trace, reasons, refusal);
        _first = new(first.Words, OwnWords(first, last), ClausesOf(first.Because!));
        _last = new(last.Words, OwnWords(last, first), [refusal.Clause, .. ClausesOf(last.Because!)]);
    }

    /// <summary>Judges every wish of the task with two refused choices.</summary>
    public static void Judge(Trace trace, ClauseReasons reasons, ref Findings findings)
    {
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            if (
                request is { Kind: RequestKind.Refuse, Refusals: [var refusal] }
                && request.Alternatives.Where(a => a.Because is not null).ToArray() is [var first, var last]
            )
                new RefusedChoices(trace, reasons, trace.Blueprint.Refusals[refusal], first, last).Judge(ref findings);
        }
    }

    private void Judge(ref Findings findings)
    {
        Choice? choice = null;
        (int Message, string Quote, Choice Other)? open = null;
        for (var i = 0; i < _trace.Conversation.Messages.Length; i++)
        {
            if (_trace.AgentSpeech.At(i) is not { } text || !OutcomeRefusalWords.Refuses(text))
                continue;
            // The next reason may be for another choice than an earlier message named, or than an earlier reason was for.
            var isNamed = false;
            foreach (var sentence in text.Sentences)
            {
                var quote = text.Quote(sentence);
                var said = new SpokenText(quote);
                if (Named(said.Words) is var (named, isBoth) && (named is not null || isBoth))
                    (choice, isNamed) = (named, named is not null);
                string[] quoted = [.. _reasons.Clauses.Where(c => _reasons.Quotes(c, said))];
                if (quoted.Length == 0)
                    continue;
                var (first, last) = (IsRight(_first, quoted, i), IsRight(_last, quoted, i));
                _first.HasReason |= first && (choice == _first || !isNamed);
                _last.HasReason |= last && (choice == _last || !isNamed);
                if (first && last)
                {
                    isNamed = false;
                    continue;
                }

                if (!first && !last)
                {
                    // The reason may belong to another refused wish of the task.
                    if (!_first.IsKnown || quoted.All(c => OutcomeRefusalWords.IsDue(_trace, c)))
                        continue;
                    findings.Fail(
                        Fault.Agent,
                        i,
                        $"the agent gives the reason of clause {quoted[0]}, which forbids neither choice: \"{quote}\""
                    );
                    return;
                }

                if (isNamed && choice is { IsKnown: true } && !(choice == _first ? first : last))
                {
                    findings.Fail(
                        Fault.Agent,
                        i,
                        $"the agent refuses to {choice.Words} by the reason of clause {quoted[0]}, "
                            + $"which forbids the other choice: \"{quote}\""
                    );
                    return;
                }

                if (!isNamed && choice is null)
                    open ??= (i, quote, first ? _last : _first);
                isNamed = false;
            }
        }

        if (open is (var message, var words, var other) && !other.HasReason && other.IsKnown)
            findings.Unsure(message, $"it cannot be told for which choice the agent gives this reason: \"{words}\"");
    }

    // The choice with the larger share of its own words in the sentence; none if the shares are too small or equal. `IsBoth`: the
    // sentence has words of each choice, and names neither alone.
    private (Choice? Choice, bool IsBoth) Named(string words)
    {
        var (first, last) = (_first.ShareIn(words), _last.ShareIn(words));
        if (Array.Exists(Second, w => words.Contains(w, StringComparison.Ordinal)))
            last = Math.Max(last, first + 1);
        return first > last && first >= Enough ? (_first, false)
            : last > first && last >= Enough ? (_last, false)
            : (null, first > 0 && last > 0);
    }

    private bool IsRight(Choice choice, string[] quoted, int message) =>
        quoted.Any(c =>
            choice.Clauses.Contains(c, StringComparer.Ordinal)
            || (
                choice == _last
                && RefusedState.Forbids(_trace, c, _refusal.Tool, _refusal.Arguments, message) is var forbids
                && forbids != false
            )
        );

    private string[] ClausesOf(string because) =>
        [
            .. _reasons.Clauses.Where(c =>
                _trace.Pack.Domain.Because.TryGetValue(c, out var ways)
                    ? ways.Contains(because, StringComparer.Ordinal)
                    : _trace.Pack.Policy.Clause(c) is { } clause && because.Contains(clause.Text, StringComparison.Ordinal)
            ),
        ];

    // The agent may offer two choices of one act in different verbs: the words of the human's wish tell no choice apart either.
    private static string[] OwnWords(Alternative choice, Alternative other) =>
        [.. WordsOf(choice.Offer ?? choice.Words).Except([.. WordsOf(other.Offer ?? other.Words), .. WordsOf(other.Words)])];

    private static string[] WordsOf(string words) =>
        SpokenText.Padded(Perspective.Second(words)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="Words">The wish in words.</param>
    /// <param name="Own">The words that the other choice does not have.</param>
    /// <param name="Clauses">The clauses that give the choice's reason.</param>
    private sealed record Choice(string Words, string[] Own, string[] Clauses)
    {
        /// <summary>Whether the agent gave the right reason.</summary>
        public bool HasReason { get; set; }

        /// <summary>Whether the pack names the clause of the choice's reason.</summary>
        public bool IsKnown => Clauses.Length > 0;

        public double ShareIn(string words) =>
            Own.Length == 0 ? 0 : (double)Own.Count(w => words.Contains($" {w} ", StringComparison.Ordinal)) / Own.Length;
    }
}
