using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Prompts;

/// <summary>
/// The prompts of all roles, from the files of one folder. Each prompt begins with the part that all dialogues share, so that a
/// provider's prompt cache covers it.
/// </summary>
public sealed class PromptSet
{
    /// <summary>The folder beside the domain packs that holds the prompts.</summary>
    public const string FolderName = "prompts";

    private const string BlueprintJudge = "judge-blueprint";
    private const string OfProposer = "proposer";
    private const string OfSummarizer = "proposal-summary";

    private static readonly ImmutableArray<(string Role, ImmutableArray<Placeholder> Placeholders)> Known =
    [
        ("human", [new("instruction", PlaceholderType.Text), new("persona", PlaceholderType.Line)]),
        (
            "human-critique",
            [
                new("instruction", PlaceholderType.Text),
                new("persona", PlaceholderType.Line),
                new("conversation", PlaceholderType.Quote),
                new("count", PlaceholderType.Count),
                new("candidates", PlaceholderType.Quote),
            ]
        ),
        ("agent", [new("title", PlaceholderType.Line), new("now", PlaceholderType.Line), new("policy", PlaceholderType.Text)]),
        ("writer", [new("intent", PlaceholderType.Line), new("persona", PlaceholderType.Line), new("scenario", PlaceholderType.Quote)]),
        (
            "judge-question",
            [
                new("policy", PlaceholderType.Text),
                new("rubric", PlaceholderType.Text) { IsOptional = true },
                new("answers", PlaceholderType.Text) { IsOptional = true },
                new("rule", PlaceholderType.Line),
                new("notes", PlaceholderType.Quote),
                new("question", PlaceholderType.Quote),
                new("messages", PlaceholderType.Quote),
            ]
        ),
        (
            "judge-committee",
            [
                new("policy", PlaceholderType.Text),
                new("rubric", PlaceholderType.Text) { IsOptional = true },
                new("ballot", PlaceholderType.Text) { IsOptional = true },
                new("instruction", PlaceholderType.Text),
                new("changes", PlaceholderType.Quote),
                new("conversation", PlaceholderType.Quote),
            ]
        ),
        (
            BlueprintJudge,
            [
                new("policy", PlaceholderType.Text),
                new("tools", PlaceholderType.Text),
                new("rubric", PlaceholderType.Text),
                new("ballot", PlaceholderType.Text),
                new("instruction", PlaceholderType.Quote),
                new("plan", PlaceholderType.Quote),
                new("changes", PlaceholderType.Quote),
            ]
        ),
        (
            OfProposer,
            [
                new("title", PlaceholderType.Line),
                new("now", PlaceholderType.Line),
                new("policy", PlaceholderType.Text),
                new("tools", PlaceholderType.Text),
                new("wanted", PlaceholderType.Text),
                new("persona", PlaceholderType.Line),
                new("records", PlaceholderType.Quote),
                new("examples", PlaceholderType.Quote),
                new("feedback", PlaceholderType.Quote),
            ]
        ),
        (OfSummarizer, [new("proposal", PlaceholderType.Quote), new("reasons", PlaceholderType.Quote)]),
    ];

    // Prompts without which a folder may be read: runs began without them.
    private static readonly ImmutableArray<string> Later = [BlueprintJudge, OfProposer, OfSummarizer];

    private readonly Dictionary<string, Prompt> _prompts;

    // One text per domain, the same object for every row, so that anything derived from it is computed once.
    private readonly ConditionalWeakTable<Pack, string> _agents = [];

    private PromptSet(Dictionary<string, Prompt> prompts, IReadOnlyDictionary<string, string> texts)
    {
        _prompts = prompts;
        Texts = texts;
        HumanOpening = Human.Render(("instruction", ""), ("persona", "")).User;
    }

    /// <summary>The names of the roles; the file of each is its name with the ending <c>.md</c>.</summary>
    public static ImmutableArray<string> Roles { get; } = [.. Known.Select(k => k.Role)];

    /// <summary>Role → the text of its file as read, so that a run can store it.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    public Prompt Human => _prompts["human"];

    public Prompt HumanCritique => _prompts["human-critique"];

    public Prompt Agent => _prompts["agent"];

    public Prompt Writer => _prompts["writer"];

    public Prompt JudgeQuestion => _prompts["judge-question"];

    public Prompt JudgeCommittee => _prompts["judge-committee"];

    /// <exception cref="KeyNotFoundException">The folder has no such prompt; <see cref="Problem"/> tells before a run.</exception>
    public Prompt JudgeBlueprint => _prompts[BlueprintJudge];

    /// <inheritdoc cref="JudgeBlueprint"/>
    public Prompt Proposer => _prompts[OfProposer];

    /// <inheritdoc cref="JudgeBlueprint"/>
    public Prompt ProposalSummary => _prompts[OfSummarizer];

    /// <summary>
    /// The human's first input, in place of a message of the agent: many endpoints refuse a conversation that begins with their own turn.
    /// </summary>
    public string HumanOpening { get; }

    /// <summary>The agent's system prompt in a domain.</summary>
    public string AgentSystem(Pack pack) =>
        _agents.GetValue(
            pack,
            p =>
                Agent
                    .Render(
                        ("title", p.Domain.Title),
                        ("now", p.Domain.Clock.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                        ("policy", p.Policy.Text)
                    )
                    .System
        );

    /// <summary>Reads the prompts of a folder.</summary>
    /// <exception cref="PromptException">A file is missing or has errors; the message names each error with file and line.</exception>
    public static PromptSet Load(string folder)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in Roles)
        {
            var file = Path.Combine(folder, $"{role}.md");
            if (File.Exists(file))
                texts[role] = File.ReadAllText(file);
        }

        return Read(folder, texts);
    }

    /// <summary>Reads prompts from their texts, by role.</summary>
    /// <inheritdoc cref="Load"/>
    public static PromptSet Read(string folder, IReadOnlyDictionary<string, string> texts)
    {
        var faults = new List<string>();
        var prompts = new Dictionary<string, Prompt>(StringComparer.Ordinal);
        foreach (var (role, placeholders) in Known)
        {
            var file = Path.Combine(folder, $"{role}.md");
            if (!texts.TryGetValue(role, out var text))
            {
                if (!Later.Contains(role))
                    faults.Add($"{file}: the file is missing");
            }
            else if (Prompt.TryRead(file, text, placeholders, faults) is { } prompt)
                prompts[role] = prompt;
        }

        return faults.Count == 0 ? new(prompts, texts) : throw new PromptException(faults);
    }

    /// <returns>Why the prompts will not do for the roles, as a sentence; null if they do.</returns>
    public string? Problem(RoleEndpoints? endpoints)
    {
        foreach (var role in OfProposals(endpoints))
        {
            if (!_prompts.ContainsKey(role))
                return $"{JudgeCommittee.File}: beside it, {role}.md is missing, which models are told that propose tasks";
        }

        if (endpoints?.Committee is not { } committee)
            return null;
        foreach (var prompt in (Prompt[])[JudgeCommittee, JudgeQuestion])
        {
            if (!prompt.Absent.IsEmpty)
                return $"{prompt.File}: the placeholder {{{{{prompt.Absent[0]}}}}} is missing, which tells judges how to vote";
        }

        return committee.Blueprints && !_prompts.ContainsKey(BlueprintJudge)
            ? $"{JudgeCommittee.File}: beside it, {BlueprintJudge}.md is missing, which judges of tasks are told"
            : null;
    }

    /// <summary>Role → hash of its prompt, for the roles that endpoints play in a run.</summary>
    public JsonMap Hashes(RoleEndpoints? endpoints)
    {
        var used = new List<string> { "agent", "human" };
        if (endpoints is { HumanCandidates: > 1 })
            used.Add("human-critique");
        if (endpoints is { Judges.IsEmpty: false })
            used.AddRange(["judge-committee", "judge-question"]);
        if (endpoints is { Committee.Blueprints: true })
            used.Add(BlueprintJudge);
        if (endpoints?.Writer is not null)
            used.Add("writer");
        used.AddRange(OfProposals(endpoints));
        return Json.Map([.. used.Select(r => (r, (Json)_prompts[r].Hash))]);
    }

    private static string[] OfProposals(RoleEndpoints? endpoints) =>
        endpoints?.Proposals is not { } proposals ? []
        : proposals.Summarizer is null ? [OfProposer]
        : [OfProposer, OfSummarizer];
}
