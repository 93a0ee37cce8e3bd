using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Prompts;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// The form of one question to one seat. Models favour what stands first, and 1 and yes over 0 and no; so a draw decides the order of
/// the criteria, and whether 1 and yes say that all is well or that something is wrong. Over many dialogues the preference cancels out.
/// </summary>
internal sealed class Framing
{
    private const string One = "evidence";

    private readonly bool _isDrawn;

    private Framing(ImmutableArray<string> criteria, Seed? draw)
    {
        _isDrawn = draw is not null;
        var random = draw?.Random();
        IsSwapped = random?.Chance(0.5) ?? false;
        Criteria = random is null ? criteria : [.. random.Shuffled(criteria)];
    }

    /// <summary>Whether 1 and yes say that something is wrong.</summary>
    public bool IsSwapped { get; }

    /// <summary>In the order of the question.</summary>
    public ImmutableArray<string> Criteria { get; }

    /// <summary>The form for a seat.</summary>
    /// <param name="draw">The sitting's draw; null for the one form of runs without a committee's spec.</param>
    /// <param name="criteria">In their usual order; empty for a question with one answer.</param>
    public static Framing Of(Seed? draw, string seat, int question, ImmutableArray<string> criteria) =>
        new(criteria, draw?.For("form").For(seat).For(question));

    /// <summary>The name of the call: an answer is read in the form in which it was asked.</summary>
    public string Part(string part) =>
        !IsSwapped ? part
        : part.Length == 0 ? "swapped"
        : $"{part}-swapped";

    /// <summary>How to vote, as a part of the prompt.</summary>
    public string Ballot
    {
        get
        {
            var order = $"{string.Join(", ", Criteria.SkipLast(1))}, {Criteria[^1]}";
            var meaning = IsSwapped ? "1 if the criterion is missed, 0 if it is met" : "1 if the criterion is met, 0 if it is missed";
            return _isDrawn
                ? $"Go through the criteria in this order: {order}. For each, first write its evidence, in \"NAME_{One}\" with NAME for "
                    + $"the criterion's name, then its vote, in \"NAME\": {meaning}."
                : $"First write the evidence for all criteria, in \"{One}\", then the votes that it bears out ({order}): {meaning}.";
        }
    }

    /// <summary>How to answer a single question, as a part of the prompt.</summary>
    public string Answers =>
        IsSwapped
            ? "The question is whether the rule is broken: answer no if it is kept, yes if it is broken, cannot-tell if it is open."
            : "The question is whether the rule is kept: answer yes if it is kept, no if it is broken, cannot-tell if it is open.";

    public Json Schema
    {
        get
        {
            var fields = new List<(string, Json)>();
            if (!_isDrawn)
                fields.Add((One, Schemas.Text));
            // Evidence comes first: a server that enforces the order of the schema then makes the model quote before it votes.
            foreach (var criterion in Criteria)
            {
                if (_isDrawn)
                    fields.Add((EvidenceField(criterion), Schemas.Text));
                fields.Add((criterion, Schemas.Bit));
            }

            return Schemas.Object([.. fields]);
        }
    }

    /// <summary>1 if the vote says that the criterion is met, 0 if missed; null for no vote.</summary>
    public int? Met(Json answer, string criterion) =>
        answer[criterion].Number switch
        {
            0 => IsSwapped ? 1 : 0,
            1 => IsSwapped ? 0 : 1,
            _ => null,
        };

    public string Evidence(Json answer, string criterion) => answer[_isDrawn ? EvidenceField(criterion) : One].Text ?? "";

    /// <summary>What is wrong with an answer of the right shape; null if nothing is.</summary>
    /// <param name="quotable">The texts that evidence may quote, prepared by <see cref="Quotations"/>.</param>
    public string? Problem(Json answer, string[] quotable)
    {
        foreach (var criterion in Criteria)
        {
            if (Met(answer, criterion) is null)
                return $"{criterion} is {answer[criterion]}; it must be 0 or 1";
        }

        foreach (var criterion in _isDrawn ? Criteria : Criteria[..1])
        {
            if (!Quotations.Holds(Evidence(answer, criterion), quotable))
                return _isDrawn ? $"{EvidenceField(criterion)}: {Quotations.Missing}" : Quotations.Missing;
        }

        return null;
    }

    private static string EvidenceField(string criterion) => $"{criterion}_{One}";
}
