using System.Diagnostics;
using Xunit;

namespace ConvoSynth.Tests;

/// <summary>A test that mounts its own file system; skipped if the user may not mount.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-test-");
        var can =
            OperatingSystem.IsLinux()
            && Call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.FullName)
            && Call("umount", folder.FullName);
        folder.Delete();
        return can;
    });

    public MountFactAttribute()
    {
        if (!CanMount.Value)
            Skip = "this user may not mount a file system";
    }

    /// <summary>Whether a command of the system succeeds.</summary>
    public static bool Call(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
