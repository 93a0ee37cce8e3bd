using System.Diagnostics;

namespace ConvoSynth.Runs.Promises;

/// <summary>A second process of this program, asked over its standard input and output.</summary>
public sealed class PartnerProcess : IPartner, IDisposable
{
    private readonly Process _process;

    /// <param name="arguments">The command line on which the program serves as a partner.</param>
    public PartnerProcess(string program, IEnumerable<string> arguments) =>
        _process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

    public async Task<string> Ask(string verb, string path)
    {
        await _process.StandardInput.WriteLineAsync($"{verb} {path}");
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new RunException("the second process ended before it answered");
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
