using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using Prompt = ConvoSynth.Dialogues.Prompts.Prompt;

namespace ConvoSynth.Dialogues.Roles;

/// <summary>One of several model calls in the same turn; <paramref name="part"/> distinguishes them in the journal.</summary>
public delegate ValueTask<ModelResponse> PartCall(ModelRequest request, string part, CancellationToken cancellationToken);

/// <summary>
/// A simulated human that samples several messages and uses the best (best-of-N with self-critique, APIGen-MT, arXiv 2504.03601, where N
/// is 4). All candidates are requested at once, and candidates that could only spoil the dialogue are dropped. One more call scores the
/// rest from 0 to 10; among equals the first wins. Without valid scores the first fit candidate stands, and the note of the message
/// says so.
/// </summary>
public sealed class BestOfHuman : IChatModel
{
    public const int HighestScore = 10;

    private readonly IChatModel _model;
    private readonly PartCall _call;
    private readonly IStructuredModel _critic;
    private readonly Prompt _prompt;
    private readonly string _opening;
    private readonly Func<Blueprint, Pack> _packOf;
    private readonly int _candidates;

    /// <param name="model">The model that writes the messages; its session is opened, and its name is used.</param>
    /// <param name="call">A call of the same model with a part.</param>
    /// <param name="critic">The model that scores; usually the same endpoint.</param>
    /// <param name="candidates">From 2 to 16; with 1, use the model itself.</param>
    public BestOfHuman(
        IChatModel model,
        PartCall call,
        IStructuredModel critic,
        PromptSet prompts,
        Func<Blueprint, Pack> packOf,
        int candidates
    )
    {
        if (candidates is < 2 or > 16)
            throw new ArgumentOutOfRangeException(
                nameof(candidates),
                candidates,
                "the number of candidates is from 2 to 16; with 1, use the model itself"
            );
        _model = model;
        _call = call;
        _critic = critic;
        _prompt = prompts.HumanCritique;
        _opening = prompts.HumanOpening;
        _packOf = packOf;
        _candidates = candidates;
    }

    public string Name => _model.Name;

    public bool KeepsTime => _model.KeepsTime;

    public object? Open(DialogueOpening opening) => new Session(_model.Open(opening), opening.Script);

    public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        if (request.Session is not Session session)
            throw new InvalidOperationException(
                $"the dialogue {request.Dialogue} was not opened: pass what Open returned as the request's Session"
            );
        var own = request with { Session = session.Inner };
        // If one call fails, the answers of the others are in the journal, so that a retry pays only for the missing one.
        var candidates = await Task.WhenAll(
            Enumerable.Range(1, _candidates).Select(i => _call(own, $"candidate-{i}", cancellationToken).AsTask())
        );
        var slips = candidates
            .Select(c => HumanSlips.In(c, _packOf(session.Blueprint), session.Blueprint, request.Messages, request.Step == 0))
            .ToArray();
        int[] fit =
        [
            .. Enumerable
                .Range(0, _candidates)
                .Where(i => slips[i] is null)
                .DistinctBy(i => candidates[i].Message.Content!.Trim(), StringComparer.Ordinal),
        ];
        if (fit.Length == 0)
            return Said(candidates, 0, [], $"none of {_candidates} candidates is fit; the first {slips[0]}");
        if (fit.Length == 1)
            return Said(candidates, fit[0], [], $"candidate {fit[0] + 1} of {_candidates}: the only one that is fit and unlike the others");
        var critique = await _critic.Ask(
            Critique(request, session.Blueprint, [.. fit.Select(i => candidates[i].Message.Content!)]),
            cancellationToken
        );
        if (critique.Value is not { } value)
            return Said(
                candidates,
                fit[0],
                critique.Calls,
                $"candidate {fit[0] + 1} of {_candidates}: not scored, since the critique would not do: {critique.Problem}"
            );
        double[] scores = [.. value["scores"].Items.Select(s => s.Number ?? 0)];
        var best = Array.IndexOf(scores, scores.Max());
        var told = string.Join(", ", fit.Select((c, i) => $"{c + 1}: {scores[i].ToString(CultureInfo.InvariantCulture)}"));
        return Said(candidates, fit[best], critique.Calls, $"candidate {fit[best] + 1} of {_candidates}; scores {told}");
    }

    private sealed record Session(object? Inner, Blueprint Blueprint);

    private static ModelResponse Said(ModelResponse[] candidates, int chosen, ImmutableArray<ModelCall> critique, string note) =>
        candidates[chosen] with
        {
            Calls = [.. candidates.SelectMany(c => c.Calls), .. critique],
            Usage = critique.Aggregate(candidates.Aggregate(Usage.None, (sum, c) => sum + c.Usage), (sum, c) => sum + c.Usage),
            Note = note,
        };

    private StructuredRequest Critique(ModelRequest request, Blueprint blueprint, string[] texts)
    {
        var rendered = _prompt.Render(
            ("instruction", blueprint.Instruction),
            ("persona", blueprint.Persona.Manner),
            ("conversation", Heard(request.Messages)),
            ("count", texts.Length.ToString(CultureInfo.InvariantCulture)),
            ("candidates", Transcript.Numbered(texts))
        );
        return new()
        {
            Key = new(request.Dialogue, "human", request.Step, "critique"),
            System = rendered.System,
            User = rendered.User,
            SchemaName = "critique",
            Schema = ScoresSchema,
            Problem = answer => Problem(answer, texts.Length),
            Journal = request.Journal,
        };
    }

    private string Heard(IReadOnlyList<Message> messages)
    {
        // The human's view has the roles swapped, and it may begin with the opening prompt.
        var said = messages.Where((m, i) => i > 0 || m.Content != _opening);
        var text = Transcript.Of(
            said.Select(
                (m, i) => new QuotedMessage(i, m.Role == MessageRole.Assistant ? MessageRole.User : MessageRole.Assistant, m.Content ?? "")
            )
        );
        return text.Length == 0 ? "(nothing yet: the customer begins)" : text;
    }

    private static Json ScoresSchema { get; } =
        Schemas.Object(("scores", Json.Map(("type", "array"), ("items", Json.Map(("type", "integer"))))));

    private static string? Problem(Json answer, int count)
    {
        var scores = answer["scores"].Items;
        if (scores.Count != count)
            return $"there are {scores.Count} scores; {count} candidates were given, and each gets one";
        return scores.Any(s => s.Number is not { } n || n < 0 || n > HighestScore || !Math.Floor(n).Equals(n))
            ? $"a score is no whole number from 0 to {HighestScore}"
            : null;
    }
}
