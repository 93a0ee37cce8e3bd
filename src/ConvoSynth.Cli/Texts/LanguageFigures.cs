using System.Globalization;
using System.Text;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Cli.Texts;

/// <summary>Language measures of a run's accepted dialogues: vocabulary, repetition, and whether the personas show.</summary>
internal sealed class LanguageFigures
{
    private const int RunLength = 4;
    private const int EchoedRun = 8;

    private readonly Dictionary<string, RoleWords> _roles = new(StringComparer.Ordinal) { ["human"] = new(), ["agent"] = new() };
    private readonly SortedDictionary<string, (int Shown, int Of)> _traits = new(StringComparer.Ordinal);
    private int _dialogues;
    private int _echoes;
    private int _messages;

    public static LanguageFigures Of(RunFolder run)
    {
        var figures = new LanguageFigures();
        foreach (var row in new RunReader(run).Rows(ShardSet.Accepted, ["id", "messages", "blueprint", "verdicts"]))
            figures.Add(RowConversation.BlueprintOf(row), RowConversation.Of(row, []));
        return figures;
    }

    public void Print()
    {
        if (_dialogues == 0)
        {
            Console.WriteLine("no dialogue was accepted, so there is no language to measure");
            return;
        }

        Console.WriteLine($"language of {_dialogues} accepted dialogues");
        var table = new TextTable(
            "role",
            TextColumn.Number("words"),
            TextColumn.Number("vocabulary"),
            TextColumn.Number("distinct 4-grams"),
            TextColumn.Number("repeated 4-grams")
        );
        foreach (var (role, words) in _roles)
            table.Add(role, words.Words, words.Vocabulary, words.Distinct, Percent(words.Repeated));
        table.Print();
        Console.WriteLine(
            $"messages of the agent that say {EchoedRun} words of the human's again in a row: "
                + $"{_echoes} of {_messages} ({Percent((double)_echoes / Math.Max(1, _messages))})"
        );
        if (_traits.Count == 0)
            return;
        Console.WriteLine(
            $"personas whose trait shows in the text: {_traits.Values.Sum(t => t.Shown)} of {_traits.Values.Sum(t => t.Of)} "
                + $"({Percent((double)_traits.Values.Sum(t => t.Shown) / _traits.Values.Sum(t => t.Of))})"
        );
        var traits = new TextTable("trait", TextColumn.Number("shows"), TextColumn.Number("of"));
        foreach (var (trait, counts) in _traits)
            traits.Add(trait, counts.Shown, counts.Of);
        traits.Print();
    }

    public Json ToJson() =>
        Json.Map(
            ("dialogues", _dialogues),
            (
                "roles",
                JsonMap.Create(
                    _roles.Select(r =>
                        KeyValuePair.Create(
                            r.Key,
                            (Json)
                                Json.Map(
                                    ("words", r.Value.Words),
                                    ("vocabulary", r.Value.Vocabulary),
                                    ("distinct_4_grams", r.Value.Distinct),
                                    ("repeated_4_grams", Math.Round(r.Value.Repeated, 4))
                                )
                        )
                    )
                )
            ),
            ("agent_messages", _messages),
            ("echoes", _echoes),
            (
                "traits",
                JsonMap.Create(
                    _traits.Select(t => KeyValuePair.Create(t.Key, (Json)Json.Map(("shows", t.Value.Shown), ("of", t.Value.Of))))
                )
            )
        );

    private void Add(Blueprint blueprint, Conversation conversation)
    {
        _dialogues++;
        var heard = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in conversation.Messages)
        {
            if (message.Role == MessageRole.Tool || message.Content is not { Length: > 0 } text)
                continue;
            var words = WordsOf(text);
            _roles[message.Role == MessageRole.User ? "human" : "agent"].Add(words);
            if (message.Role == MessageRole.User)
            {
                for (var i = 0; i + EchoedRun <= words.Count; i++)
                    heard.Add(string.Join(' ', words.Skip(i).Take(EchoedRun)));
            }
            else
            {
                _messages++;
                if (
                    Enumerable
                        .Range(0, Math.Max(0, words.Count - EchoedRun + 1))
                        .Any(i => heard.Contains(string.Join(' ', words.Skip(i).Take(EchoedRun))))
                )
                    _echoes++;
            }
        }

        foreach (var sign in MannerSigns.Of(blueprint, conversation.Messages))
        {
            var (shown, of) = _traits.GetValueOrDefault(sign.Trait);
            _traits[sign.Trait] = (shown + (sign.Shows ? 1 : 0), of + 1);
        }
    }

    // Numbers and codes are values and no words: they would make every sentence look new.
    private static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Replace("###STOP###", "", StringComparison.Ordinal).Append(' '))
        {
            if (char.IsLetter(c) || c == '\'')
            {
                word.Append(char.ToLowerInvariant(c));
                continue;
            }

            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }

        return words;
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    private sealed class RoleWords
    {
        private readonly HashSet<string> _vocabulary = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);

        public int Words { get; private set; }

        public int Vocabulary => _vocabulary.Count;

        public int Distinct => _runs.Count;

        /// <summary>The share of four-word runs that occur more than once.</summary>
        public double Repeated => _runs.Count == 0 ? 0 : (double)_runs.Values.Where(n => n > 1).Sum() / _runs.Values.Sum();

        public void Add(List<string> words)
        {
            Words += words.Count;
            _vocabulary.UnionWith(words);
            for (var i = 0; i + RunLength <= words.Count; i++)
            {
                var run = string.Join(' ', words.Skip(i).Take(RunLength));
                _runs[run] = _runs.GetValueOrDefault(run) + 1;
            }
        }
    }
}
