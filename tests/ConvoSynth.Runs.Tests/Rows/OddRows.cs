using System.Text;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>
/// Rows with all allowed extremes: nulls, empty and long lists, empty and large values, text beyond the basic plane, numbers beyond
/// doubles.
/// </summary>
public static class OddRows
{
    internal static readonly string[] Texts =
    [
        "",
        " ",
        "\0",
        "plain",
        "é語",
        "😀\U0010FFFF",
        "\uFFFD\uE000",
        "line\r\nend\u2028",
        "\"\\\t{}",
        new('x', 5000),
        string.Concat(Enumerable.Repeat("語😀", 60_000)),
    ];

    internal static readonly string[] Documents =
    [
        "{}",
        "[]",
        "null",
        "true",
        "\"\"",
        "9007199254740993",
        "-9007199254740993",
        "1e400",
        "0.1000",
        """{"a":1,"a":2}""",
        """ { "b" : [ ] } """,
        "\"\\ud83d\\ude00\"",
        "\"😀\"",
        """{"n":18446744073709551615}""",
        new string('[', 500) + new string(']', 500),
        $"[{string.Join(',', Enumerable.Range(0, 80_000))}]",
    ];

    public static Arbitrary<ShardRow> Rows()
    {
        var text = Mostly(Texts);
        var maybe = Gen.OneOf(text, Gen.Constant<string>(null!));
        var document = Mostly(Documents).Select(d => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(d));
        var maybeDocument = Gen.OneOf(document, Gen.Constant(default(ReadOnlyMemory<byte>)));
        var number = ArbMap.Default.GeneratorFor<int>();
        return (
            from id in Gen.Elements("a", "r/1/0", "語😀")
            from texts in maybe.ArrayOf(13)
            from numbers in number.ArrayOf(4)
            from index in ArbMap.Default.GeneratorFor<long>()
            from status in Gen.Elements(RowStatus.Accepted, RowStatus.Undecided, RowStatus.Rejected, RowStatus.Failed, RowStatus.Retried)
            from messages in Few(document)
            from meta in document
            from verdicts in Few(document)
            from reasons in Few(text)
            from unsure in Few(text)
            from passes in Few(text)
            from adjacent in Few(text)
            from documents in maybeDocument.ArrayOf(7)
            select new ShardRow
            {
                Id = id,
                RunId = texts[0] ?? "",
                Domain = texts[1] ?? "",
                Index = index,
                Attempt = numbers[0],
                FamilyId = texts[2],
                Intent = texts[3],
                Slice = texts[4],
                Shape = texts[5],
                Tier = texts[6],
                Status = status,
                Instruction = texts[7],
                Messages = messages,
                MessageMeta = [.. messages.Select(_ => meta)],
                Tools = documents[0],
                Blueprint = documents[1],
                AcceptedEndStates = documents[2],
                StateDiff = documents[3],
                Accept = texts[12],
                Verdicts = verdicts,
                RejectReasons = reasons,
                UndecidedReasons = unsure,
                Passes = passes,
                Usage = documents[4],
                Models = documents[5],
                Seed = texts[8],
                PackHash = texts[9],
                ChecksVersion = texts[10],
                PromptHashes = documents[6],
                BenchmarkAdjacent = adjacent,
                LabelSource = texts[11],
                MessageCount = numbers[1],
                ToolCallCount = numbers[2],
            }
        ).ToArbitrary();
    }

    // The last value is large, so it is rare.
    private static Gen<string> Mostly(string[] values) => Gen.Frequency((150, Gen.Elements(values[..^1])), (1, Gen.Constant(values[^1])));

    // Mostly up to three elements, sometimes many.
    private static Gen<T[]> Few<T>(Gen<T> element) =>
        Gen.Frequency(
            (40, Gen.Choose(0, 3).SelectMany(count => element.ArrayOf(count))),
            (1, element.Select(e => Enumerable.Repeat(e, 30).ToArray()))
        );
}
