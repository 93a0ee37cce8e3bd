using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Tests.Specs;

/// <summary>A spec's values are held to the ranges of the options that they stand for.</summary>
public sealed class RunFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-spec-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("further_attempts: 11", "further_attempts is 11; it must be from 0 to 10")]
    [InlineData("partition_size: 0", "partition_size is 0; it must be from 1 to 1000000")]
    [InlineData("concurrency: 1000001", "concurrency is 1000001; it must be from 1 to 1000000")]
    public void A_value_out_of_range_is_refused_with_its_line(string line, string problem)
    {
        var read = () => RunFile.Read(Write($"domains: [library]\n{line}\n"));

        read.Should().Throw<RunException>().WithMessage($"*spec.yaml:2*{problem}*");
    }

    [Theory]
    [InlineData("fault_rate: 1.5")]
    [InlineData("error_rate: -0.1")]
    public void A_share_above_the_whole_or_below_nothing_is_refused_with_its_line(string line)
    {
        var read = () => RunFile.Read(Write($"domains: [library]\n{line}\n"));

        read.Should().Throw<RunException>().WithMessage($"*spec.yaml:2*{line.Split(':')[0]}*");
    }

    [Fact]
    public void Values_at_the_ends_of_their_ranges_are_read()
    {
        var file = RunFile.Read(Write("fault_rate: 1\nerror_rate: 0\nfurther_attempts: 10\npartition_size: 1\nconcurrency: 1000000\n"));

        file.Of(RunOptions.FaultRate).Should().Be(1);
        file.Of(RunOptions.ErrorRate).Should().Be(0);
        file.Of(RunOptions.FurtherAttempts).Should().Be(10);
        file.Of(RunOptions.PartitionSize).Should().Be(1);
        file.Of(RunOptions.Concurrency).Should().Be(1_000_000);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "spec.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
