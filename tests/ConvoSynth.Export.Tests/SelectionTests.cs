using ConvoSynth.Export.Exports;
using ConvoSynth.Export.Selection;
using ConvoSynth.Runs.Rows;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ConvoSynth.Export.Tests;

public sealed class SelectionTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_shuffle_has_each_row_once_in_an_order_of_its_seed()
    {
        var rows = Rows(700);
        string[] Order(long? seed) => [.. Made(rows, new() { Shuffle = seed }).Rows().Select(row => (string)row["id"]!)];

        var plain = Order(null);
        var first = Order(1);

        first.Should().BeEquivalentTo(plain).And.NotEqual(plain);
        Order(1).Should().Equal(first);
        Order(2).Should().NotEqual(first);
        // An order by chance has about half of the neighbours ascending.
        first.Zip(first.Skip(1), (a, b) => Number(a) < Number(b)).Count(up => up).Should().BeInRange(290, 410);
    }

    [Fact]
    public void A_shuffled_export_leaves_no_temporary_file()
    {
        var made = Made(Rows(40), new() { Shuffle = 1 });

        Directory.EnumerateFiles(made.Folder, "*", SearchOption.AllDirectories).Should().NotContain(file => file.EndsWith(".tmp"));
    }

    [Fact]
    public void A_row_that_repeats_an_earlier_one_but_for_a_word_is_left_out_and_another_one_is_kept()
    {
        var words = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"word{i}"));
        ShardRow Of(long index, string text) => Talk.Begin().User(text).Agent("Yes.").Row(index);

        var made = Made(
            [
                Of(0, words),
                Of(1, words.Replace("word77 ", "other ")),
                Of(2, string.Join(' ', Enumerable.Range(0, 200).Select(i => $"else{i}"))),
            ],
            new() { NearDuplicate = 0.8 }
        );

        made.Rows().Select(row => (string)row["id"]!).Should().Equal("run/0/0", "run/2/0");
        made.Report.LeftOut.Should().Equal(new Dictionary<string, long> { ["near-duplicates of an earlier row"] = 1 });
    }

    /// <summary>Rows of which a share of the words is common, on either side of the bound and well away from it.</summary>
    [Property(MaxTest = 60)]
    public Property Near_duplicates_are_those_above_the_bound_as_far_as_estimates_tell() =>
        Prop.ForAll(
            Gen.Choose(0, 100).ToArbitrary(),
            common =>
            {
                var one = Enumerable.Range(0, 400).Select(i => $"w{i}").ToArray();
                // Replaced at the end, so that shingles differ there alone.
                var other = one.Select((w, i) => i < 4 * common ? w : $"x{w}").ToArray();
                var (a, b) = (Row(0, one), Row(1, other));
                var (left, right) = (WordShingles.Of(a), WordShingles.Of(b));
                var likeness = (double)left.Intersect(right).Count() / left.Union(right).Count();
                var near = new NearDuplicates(0.8);
                near.Repeats(a).Should().BeFalse();
                var found = near.Repeats(b);
                // The estimate of 64 minima has a standard error of 0.05 at 0.8: four of them below, and more above.
                return likeness > 0.96 ? found
                    : likeness < 0.58 ? !found
                    : true;
            }
        );

    [Fact]
    public void An_intent_has_at_most_so_many_rows()
    {
        var rows = Rows(10).Select((row, i) => i < 7 ? row : row with { Intent = "hold" }).ToArray();

        var made = Made(rows, new() { MostPerIntent = 2 });

        made.Rows().Select(row => (string)row["id"]!).Should().Equal("run/0/0", "run/1/0", "run/7/0", "run/8/0");
        made.Report.LeftOut["rows beyond the most of an intent"].Should().Be(6);
    }

    [Theory]
    [InlineData(0.4, null, "--near-duplicates 0.4 is out of range: it must be from 0.7 to 1")]
    [InlineData(null, 0L, "--most-per-intent 0 is out of range: it must be at least 1")]
    public void A_value_out_of_range_is_told(double? near, long? most, string sentence) =>
        FluentActions
            .Invoking(() => Made(Rows(1), new() { NearDuplicate = near, MostPerIntent = most }))
            .Should()
            .Throw<ExportException>()
            .WithMessage(sentence);

    private Made Made(ShardRow[] rows, RowSelection selection) =>
        _run.Make(
            new()
            {
                Runs = [_run.Run(rows)],
                Format = "trl",
                Out = _run.Out(),
                Selection = selection,
            }
        );

    private static ShardRow[] Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Talk.Begin().User($"Hello {i}.").Agent("Hi.").Row(i))];

    private static ShardRow Row(long index, string[] words) => Talk.Begin().User(string.Join(' ', words)).Agent("Yes.").Row(index);

    private static long Number(string id) => long.Parse(id.Split('/')[1]);
}
