using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// Handles Ctrl-C and the termination signal, and confirms each at once. The first asks the command to end cleanly, however long the
/// dialogues in flight take. The second ends the process immediately: all durable data was synced when it was written.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const int Stopped = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _heard;

    public Interrupt() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled),
        ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Signalled(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _heard) > 1)
        {
            StopNow();
            return;
        }

        Console.Error.WriteLine("stopping; press again to stop now");
        _source.Cancel();
    }

    // Exits immediately and with this exit code: an orderly exit may wait for a hang, and a kill has its own exit code.
    private static void StopNow()
    {
        Console.Error.WriteLine("stopped now");
        if (OperatingSystem.IsWindows())
            Process.GetCurrentProcess().Kill();
        else
            ExitAtOnce(Stopped);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void ExitAtOnce(int status);
}
