using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Tests.Calibrations;

/// <summary>Calibrations that keep their answers.</summary>
public sealed class CalibrationJournalTests
{
    private const int Dialogues = 16;

    private readonly RunFolder _folder = new(new MemoryStorage(), "calibration");

    [Fact]
    public async Task A_calibration_that_goes_on_asks_only_what_it_has_no_answer_to_and_reports_the_whole_cost()
    {
        string[] judges = ["one=miss:0.2,alarm:0.1", "two=miss:0.1,alarm:0.1"];
        var plain = await CalibrationRun.Of(Dialogues, 0, journal: null, judges);

        var first = await Journaled(judges[..1]);
        var second = await Journaled(judges);
        var third = await Journaled(judges);

        first.Requests.Should().BePositive();
        (first.Requests + second.Requests).Should().Be(plain.Requests, "no question is asked twice");
        third.Requests.Should().Be(0);
        second.Report.ToJson().Should().Be(plain.Report.ToJson());
        third.Report.ToJson().Should().Be(plain.Report.ToJson());
    }

    [Fact]
    public async Task A_journal_that_another_process_has_taken_over_ends_the_calibration()
    {
        using var one = await SoleJournal.Open(_folder, "calibration");
        using var two = await SoleJournal.Open(_folder, "calibration");
        var call = new JournaledCall
        {
            Key = new(new("calibration", 1, 0), "judge:one", 0),
            RequestHash = "aa",
            Body = "{}",
            Call = new("judge:one", "one", new(1, 0, 1, 0), null, 0),
        };

        var late = async () => await one.Append(call, CancellationToken.None);
        var appended = await two.Append(call, CancellationToken.None);

        (await late.Should().ThrowAsync<JournalException>()).WithMessage("another process writes the journal in calibration*");
        (await two.Find(call.Key, "aa", CancellationToken.None)).Should().BeEquivalentTo(appended);
        (await two.Find(call.Key, "bb", CancellationToken.None)).Should().BeNull();
    }

    private async Task<(Runs.Calibrations.CalibrationReport Report, long Requests)> Journaled(string[] judges)
    {
        using var journal = await SoleJournal.Open(_folder, "calibration");
        return await CalibrationRun.Of(Dialogues, 0, journal, judges);
    }
}
