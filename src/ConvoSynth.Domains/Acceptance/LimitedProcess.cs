using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>Resource limits of a child process.</summary>
public sealed record ProcessLimits
{
    /// <summary>CPU time of the process.</summary>
    /// <value>2 minutes by default; at least a second.</value>
    public TimeSpan Cpu { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wall-clock time.</summary>
    /// <value>5 minutes by default; more than zero.</value>
    public TimeSpan Wall { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Resident memory in bytes.</summary>
    /// <value>2 GiB by default; at least 64 MiB.</value>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>Characters of output that are kept of each stream; the rest is read and dropped.</summary>
    /// <value>1 Mi by default; more than zero.</value>
    public int Output { get; init; } = 1 << 20;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Cpu, TimeSpan.FromSeconds(1), nameof(Cpu));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Wall, TimeSpan.Zero, nameof(Wall));
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 64L << 20, nameof(Memory));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Output, nameof(Output));
    }
}

/// <summary>How a child process ended: its exit code and output, and the limit that stopped it, if any.</summary>
public sealed record ProcessOutcome(int ExitCode, string Output, string Errors, string? Stopped);

/// <summary>
/// Runs a command in a child process with limits. On Linux the kernel bounds the CPU time (<c>prlimit</c>, else the shell's
/// <c>ulimit</c>). On every system a watch ends the whole process tree when its time or memory is used up. Address space is not
/// limited, because the .NET runtime reserves far more than it uses.
/// </summary>
public static class LimitedProcess
{
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(50);

    // A process that exceeds its CPU limit ends with status 128 + 24 (SIGXCPU) or, a second later, 128 + 9 (SIGKILL).
    private static readonly int[] CpuSignals = [128 + 24, 128 + 9];

    /// <summary>Runs the command until it ends or exceeds a limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The command cannot be started.</exception>
    public static async Task<ProcessOutcome> Run(
        string command,
        IReadOnlyList<string> arguments,
        ProcessLimits limits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        limits.Check();
        using var process = new Process { StartInfo = Start(command, arguments, limits) };
        process.Start();
        process.StandardInput.Close();
        var output = Read(process.StandardOutput, limits.Output, cancellation);
        var errors = Read(process.StandardError, limits.Output, cancellation);
        string? stopped = null;
        try
        {
            stopped = await WatchOver(process, limits, time, cancellation);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(cancellation);
        if (stopped is null && CpuSignals.Contains(process.ExitCode))
            stopped = $"it used up its CPU time of {Seconds(limits.Cpu)}";
        return new(process.ExitCode, await output, await errors, stopped);
    }

    private static async Task<string?> WatchOver(Process process, ProcessLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var exited = process.WaitForExitAsync(cancellation);
        while (true)
        {
            if (await Task.WhenAny(exited, Task.Delay(Watch, time, cancellation)) == exited)
            {
                await exited;
                return null;
            }

            cancellation.ThrowIfCancellationRequested();
            process.Refresh();
            if (process.HasExited)
                continue;
            if (time.GetElapsedTime(began) > limits.Wall)
                return $"it ran for longer than {Seconds(limits.Wall)}";
            if (Used(process, p => p.WorkingSet64) > limits.Memory)
                return $"it used more than {limits.Memory >> 20} MiB of memory";
            if (Used(process, p => p.TotalProcessorTime.Ticks) > limits.Cpu.Ticks)
                return $"it used up its CPU time of {Seconds(limits.Cpu)}";
        }
    }

    // A process may end between the check that it runs and the reading of its usage.
    private static long Used(Process process, Func<Process, long> read)
    {
        try
        {
            return read(process);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private static ProcessStartInfo Start(string command, IReadOnlyList<string> arguments, ProcessLimits limits)
    {
        var line = CommandLine([command, .. arguments], limits, Prlimit());
        var start = new ProcessStartInfo(line[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in line.Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.Memory.ToString("x", CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>The command under the kernel's limits: by <c>prlimit</c> if it is installed, else by the shell.</summary>
    internal static string[] CommandLine(string[] command, ProcessLimits limits, string? prlimit)
    {
        var cpu = ((long)Math.Ceiling(limits.Cpu.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (OperatingSystem.IsWindows())
            return command;
        return prlimit is not null
            ? [prlimit, $"--cpu={cpu}", "--core=0", "--", .. command]
            : ["/bin/sh", "-c", $"ulimit -t {cpu}; ulimit -c 0; exec \"$@\"", "sh", .. command];
    }

    private static string? Prlimit() =>
        File.Exists("/usr/bin/prlimit") ? "/usr/bin/prlimit"
        : File.Exists("/bin/prlimit") ? "/bin/prlimit"
        : null;

    private static async Task<string> Read(StreamReader from, int limit, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int count;
        while ((count = await from.ReadAsync(buffer, cancellation)) > 0)
        {
            if (text.Length < limit)
                text.Append(buffer, 0, Math.Min(count, limit - text.Length));
        }

        return text.ToString();
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s";
}
