using System.Globalization;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>
/// Rows with the size and structure of real trajectories (about 20 KB each: some twenty messages, the tool list of one of three
/// domains, a blueprint, verdicts). They are a function of the seed. Words come from a small vocabulary with a skewed distribution.
/// </summary>
public static class SyntheticRows
{
    private static readonly string[] Vocabulary = [.. Enumerable.Range(0, 900).Select(Word)];

    public static ShardRow Make(long index, ulong seed = 1, string status = RowStatus.Accepted)
    {
        var random = new Generator((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xD1342543DE82EF95));
        var domain = new[] { "retail", "airline", "library" }[(int)(index % 3)];
        var messages = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < 14 + random.Next(10); i++)
            messages.Add(Message(i, ref random));
        return new ShardRow
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"run-1/{index:00000000}/0"),
            RunId = "run-1",
            Domain = domain,
            Index = index,
            FamilyId = string.Create(CultureInfo.InvariantCulture, $"{domain}-{random.Next(400)}"),
            Intent = $"intent-{random.Next(12)}",
            Slice = new[] { "base", "missing-parameter", "out-of-policy", "changed-mind" }[random.Next(4)],
            Shape = index % 5 == 0 ? null : "single",
            Tier = "verified",
            Status = status,
            Instruction = Sentence(60, ref random),
            Messages = messages,
            MessageMeta =
            [
                .. messages.Select(
                    (_, i) =>
                        Utf8(
                            $$$"""{"train":{{{(i % 3 == 1 ? "true" : "false")}}},"finish":"stop","usage":"""
                                + $$$"""{"in":{{{1000 + (i * 37)}}},"out":{{{i * 13}}} } }"""
                        )
                ),
            ],
            Tools = Tools(domain),
            Blueprint = Utf8(
                $$$"""{"scenario":"{{{Sentence(250, ref random)}}}","gold":[{"name":"exchange","arguments":"""
                    + $$$"""{"id":{{{random.Next(1_000_000)}}} } }]}"""
            ),
            AcceptedEndStates = Utf8($$$"""[{"orders":{"#W{{{random.Next(9_999_999)}}}":{"status":"exchanged"} } }]"""),
            StateDiff = Utf8("[]"),
            Verdicts =
            [
                .. Enumerable
                    .Range(0, 10)
                    .Select(i => Utf8($$$"""{"check":"check-{{{i}}}","verdict":"pass","evidence":"{{{Word(i)}}}"}""")),
            ],
            Accept = "strict",
            RejectReasons = status is RowStatus.Accepted or RowStatus.Undecided ? [] : ["policy:identity-first", "outcome:state"],
            UndecidedReasons = status == RowStatus.Undecided ? ["claims:values"] : [],
            Passes = status == RowStatus.Accepted ? ["strict", "exact"] : [],
            Usage = Utf8($$$"""{"input":{{{random.Next(90_000)}}},"output":{{{random.Next(9_000)}}} }"""),
            Models = Utf8("""{"agent":"rehearsal","human":"rehearsal"}"""),
            Seed = random.Next64().ToString(CultureInfo.InvariantCulture),
            PackHash = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            ToolsTimeline = index % 3 == 0 ? default : Utf8("""[{"message":4,"tools":["find_member"]}]"""),
            PassRate = index % 2 == 0 ? default : Utf8("""{"passed":3,"of":8}"""),
            World = index % 2 == 0 ? default : Utf8("""{"seed":"00000000000000aa","generator":"5e88","data":"2773"}"""),
            ChecksVersion = "1",
            PromptHashes = Utf8("""{"agent":"ab12"}"""),
            BenchmarkAdjacent = domain == "library" ? [] : ["tau-bench"],
            LabelSource = null,
            PlantedFault = index % 7 == 0 ? "wrong-argument" : null,
            MessageCount = messages.Count,
            ToolCallCount = messages.Count / 3,
        };
    }

    /// <summary>A row as one line of JSON, for comparison.</summary>
    public static string Show(ShardRow row) =>
        JsonSerializer.Serialize(
            new
            {
                Scalars = row with
                {
                    CellsAreWritten = false,
                    Messages = [],
                    MessageMeta = [],
                    Verdicts = [],
                    RejectReasons = [],
                    UndecidedReasons = [],
                    Passes = [],
                    BenchmarkAdjacent = [],
                },
                Messages = row.Messages.Select(Text),
                MessageMeta = row.MessageMeta.Select(Text),
                Verdicts = row.Verdicts.Select(Text),
                row.RejectReasons,
                row.UndecidedReasons,
                row.Passes,
                row.BenchmarkAdjacent,
            }
        );

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<byte> Message(int i, ref Generator random) =>
        (i % 4) switch
        {
            0 => Utf8($$$"""{"role":"user","content":"{{{Sentence(40, ref random)}}}"}"""),
            1 => Utf8(
                $$$"""{"role":"assistant","content":null,"tool_calls":[{"type":"function","id":"call_{{{i}}}","function":"""
                    + $$$"""{"name":"get_order_details","arguments":{"order_id":"#W{{{random.Next(9_999_999)}}}"} }}]}"""
            ),
            2 => Utf8($$$"""{"role":"tool","name":"get_order_details","content":"{{{Observation(ref random)}}}"}"""),
            _ => Utf8($$$"""{"role":"assistant","content":"{{{Sentence(60, ref random)}}} é 語 😀"}"""),
        };

    private static string Observation(ref Generator random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 12; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{{\\\"item_id\\\": \\\"{random.Next(int.MaxValue)}\\\", \\\"name\\\": \\\"{Vocabulary[random.Next(900)]}\\\", "
                    + $"\\\"price\\\": {random.Next(50_000) / 100.0}}} "
            );
        return text.ToString();
    }

    private static ReadOnlyMemory<byte> Tools(string domain)
    {
        var random = new Generator((ulong)domain.Length);
        var tools = Enumerable
            .Range(0, 14)
            .Select(i =>
                $$$"""{"type":"function","function":{"name":"{{{domain}}}_"""
                + $$$"""{{{i}}}","description":"{{{Sentence(30, ref random)}}}","parameters":{"type":"object","properties":{"id":"""
                + $$$"""{"type":"string","description":"{{{Sentence(8, ref random)}}}"} },"required":["id"]} } }"""
            );
        return Utf8($"[{string.Join(",", tools.ToArray())}]");
    }

    private static string Sentence(int words, ref Generator random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            // The smaller of two draws makes low-numbered words more frequent, as common words are.
            text.Append(Vocabulary[Math.Min(random.Next(900), random.Next(900))]).Append(' ');
        }

        return text.ToString();
    }

    private static string Word(int number)
    {
        var random = new Generator((ulong)number + 77);
        var text = new StringBuilder();
        for (var i = 0; i < 1 + random.Next(4); i++)
            text.Append("bdfgklmnprstv"[random.Next(13)]).Append("aeiou"[random.Next(5)]);
        return text.ToString();
    }

    /// <summary>SplitMix64.</summary>
    private struct Generator(ulong state)
    {
        private ulong _state = state;

        public ulong Next64()
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        public int Next(int below) => (int)(Next64() % (ulong)below);
    }
}
