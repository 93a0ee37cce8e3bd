using ConvoSynth.Domains.Acceptance;

namespace ConvoSynth.Domains.Tests.Acceptance;

public sealed class LimitedProcessTests
{
    private static Task<ProcessOutcome> Shell(string script, ProcessLimits limits) =>
        LimitedProcess.Run("/bin/sh", ["-c", script], limits, TimeProvider.System, CancellationToken.None);

    [Fact]
    public async Task A_process_within_its_limits_gives_its_output_and_exit_code()
    {
        var outcome = await Shell("echo out; echo err >&2; exit 3", new());
        outcome.Should().BeEquivalentTo(new ProcessOutcome(3, "out\n", "err\n", null));
    }

    [Fact]
    public async Task A_process_that_never_ends_is_stopped_by_the_clock()
    {
        var outcome = await Shell("sleep 600", new() { Wall = TimeSpan.FromSeconds(0.3) });
        outcome.Stopped.Should().Contain("longer than 0.3 s");
    }

    [Fact]
    public async Task A_process_that_computes_forever_is_stopped_by_its_cpu_time()
    {
        var outcome = await Shell("while :; do :; done", new() { Cpu = TimeSpan.FromSeconds(1), Wall = TimeSpan.FromMinutes(2) });
        outcome.Stopped.Should().Contain("CPU time of 1 s");
    }

    [Fact]
    public async Task A_process_that_eats_memory_is_stopped()
    {
        var outcome = await Shell(
            "exec awk 'BEGIN { s = \"x\"; while (length(s) < 200000000) s = s s; while (1) n++ }'",
            new() { Memory = 64L << 20, Cpu = TimeSpan.FromSeconds(30) }
        );
        outcome.Stopped.Should().Contain("more than 64 MiB");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/usr/bin/prlimit")]
    public async Task The_kernel_bounds_cpu_time_with_prlimit_and_without(string? prlimit)
    {
        if (prlimit is not null && !File.Exists(prlimit))
            return;
        var line = LimitedProcess.CommandLine(["/bin/sh", "-c", "while :; do :; done"], new() { Cpu = TimeSpan.FromSeconds(1) }, prlimit);
        var outcome = await LimitedProcess.Run(
            line[0],
            line[1..],
            new() { Cpu = TimeSpan.FromSeconds(30) },
            TimeProvider.System,
            CancellationToken.None
        );
        outcome.ExitCode.Should().BeOneOf(128 + 9, 128 + 24);
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_dropped()
    {
        var outcome = await Shell("head -c 100000 /dev/zero", new() { Output = 10 });
        outcome.Output.Should().HaveLength(10);
        outcome.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_limit_out_of_range_is_refused()
    {
        var run = () => Shell("true", new() { Memory = 1 });
        await run.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }
}
