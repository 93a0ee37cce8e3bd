using System.Text;
using ConvoSynth.Export.Exports;
using ConvoSynth.Export.Inspections;
using ConvoSynth.Export.Tokens;

namespace ConvoSynth.Export.Tests;

public sealed class TokenTests : IDisposable
{
    // The bytes of "helo w" as byte-level BPE spells them, and merges; a blank is Ġ.
    private const string Hub = """
        {"added_tokens":[{"id":20,"content":"<|end|>","special":true}],"normalizer":{"type":"NFC"},
         "pre_tokenizer":{"type":"Sequence","pretokenizers":[
          {"type":"Split","pattern":{"Regex":"\\p{N}"},"behavior":"Isolated","invert":false},
          {"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]},
         "model":{"type":"BPE","vocab":{"h":0,"e":1,"l":2,"o":3,"Ġ":4,"w":5,"he":6,"ll":7,"hell":8,"hello":9,"Ġw":10,"1":11,"2":12,"12":13},
         "merges":["h e",["l","l"],"he ll","hell o","Ġ w","1 2"]}}
        """;

    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("o200k_base", "Hello, world!", 4)]
    [InlineData("cl100k_base", "Hello, world!", 4)]
    [InlineData("o200k_base", "", 0)]
    public void Known_vocabularies_count_as_their_models_do(string name, string text, int tokens) =>
        TokenCounter.Of(name).Count(text).Should().Be(tokens);

    [Theory]
    [InlineData("hello", 1)]
    [InlineData("hello wow", 4)]
    [InlineData("hello 12", 4)]
    [InlineData("hello<|end|>hello", 3)]
    public void A_tokenizer_json_of_byte_level_bpe_is_read_with_its_splits_merges_and_added_tokens(string text, int tokens) =>
        TokenCounter.Of(File("tokenizer.json", Hub)).Count(text).Should().Be(tokens);

    [Theory]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram"}}""", "its model is Unigram, and only BPE is read")]
    [InlineData("tokenizer.json", """{"model":{"type":"BPE"},"pre_tokenizer":{"type":"Metaspace"}}""", "Metaspace is not known here")]
    [InlineData("tokenizer.json", """{"a":1}""", "it has no model")]
    [InlineData("tokenizer.json", "{", "it is no JSON")]
    [InlineData("vocab.txt", "a", "the ending .txt is none of")]
    public void A_tokenizer_that_would_count_wrongly_is_refused_by_name(string name, string content, string reason)
    {
        var read = () => TokenCounter.Of(File(name, content));

        read.Should().Throw<ExportException>().WithMessage($"--tokenizer *{name} cannot be read: *{reason}*");
    }

    [Fact]
    public void Examples_over_the_limit_are_left_out_and_counted_and_none_is_cut()
    {
        var brief = Talk.Begin().User("Hello.").Agent("Hi.").Row(0);
        var lengthy = Talk.Begin().User("Hello.").Agent(string.Concat(Enumerable.Repeat("word ", 500))).Row(1);
        var counter = TokenCounter.Of("o200k_base");
        var exact = Count(brief);

        Names(exact).Should().Equal(brief.Id);
        var none = () => Names(exact - 1);
        none.Should().Throw<ExportException>().WithMessage($"*2 with more than {exact - 1} tokens (o200k_base)");

        int Count(Runs.Rows.ShardRow row) => row.Messages.Append(row.Tools).Sum(cell => counter.Count(Encoding.UTF8.GetString(cell.Span)));

        string[] Names(int most)
        {
            var made = _run.Make(
                new()
                {
                    Runs = [_run.Run(brief, lengthy)],
                    Format = "trl",
                    Out = _run.Out(),
                    Limit = new(counter, most),
                }
            );
            made.Report.LeftOut.Should().Equal(new Dictionary<string, long> { [$"more than {most} tokens (o200k_base)"] = 1 });
            return [.. made.Rows().Select(r => (string)r["id"]!)];
        }
    }

    [Fact]
    public void Inspect_tells_the_tokens_of_records_whatever_their_form()
    {
        var counter = TokenCounter.Of("o200k_base");
        var rows = Enumerable
            .Range(1, 10)
            .Select(i => Talk.Begin().User("Hello.").Agent(string.Concat(Enumerable.Repeat("word ", i))).Row(i));
        var run = _run.Run([.. rows]);
        var texts = File("texts.jsonl", "{\"text\":\"Hello, world!\"}\n");

        var lengths = Inspection.Of(run, samples: 0, counter).Tokens!;

        lengths.Most.Should().Be(lengths.Most90);
        (lengths.Most - lengths.Median).Should().Be(4);
        Inspection.Of(texts, samples: 0, counter).Tokens.Should().Be(new TokenLengths("o200k_base", 4, 4, 4));
        Inspection.Of(run, samples: 0).Tokens.Should().BeNull();
    }

    private string File(string name, string content)
    {
        var path = Path.Combine(_run.Folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
