using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ConvoSynth.Review.Tests;

/// <summary>Chromium, driven by tests/browser/review.mjs.</summary>
internal static class Browser
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static string Script => RepositoryRoot.At("tests", "browser", "review.mjs");

    /// <summary>What is missing, with what to do; null if nothing is.</summary>
    public static string? Missing { get; } =
        On("node") is null ? "node is not installed"
        : Chromium is null ? "Chromium is not installed: apt-get install chromium"
        : !Directory.Exists(Path.Combine(Path.GetDirectoryName(Script)!, "node_modules")) ? "run npm ci in tests/browser first"
        : null;

    private static string? Chromium => On("chromium") ?? On("chromium-browser") ?? On("google-chrome");

    public static async Task<JsonObject> Run(string step, string url, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Script, step, url.TrimEnd('/'), Chromium!, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.Should().Be(0, await errors);
        return JsonNode.Parse(await output)!.AsObject();
    }

    private static string? On(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
