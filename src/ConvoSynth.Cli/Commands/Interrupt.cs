using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// Ctrl-C and the end signal, each said to be heard at once. The first asks the command to end cleanly, however long what is in flight takes; the second ends the process, whatever
/// waits: all that is durable was synced when it was written.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const int Stopped = 130;

    // Of the two seconds that a person waits for the second one.
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _heard;

    public Interrupt() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled)];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
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

    private static void StopNow()
    {
        Console.Error.WriteLine("stopped now");
        var exit = new Thread(() => Environment.Exit(Stopped)) { IsBackground = true };
        exit.Start();
        // What runs at the end of a process may wait for what hangs.
        exit.Join(ExitLimit);
        Process.GetCurrentProcess().Kill();
    }
}
