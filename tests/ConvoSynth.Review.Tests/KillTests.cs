using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>The program as a process of its own, killed while reviewers decide.</summary>
[Collection(ReviewRun.Collection)]
public sealed class KillTests(ReviewRun run)
{
    [Fact]
    public async Task What_a_killed_server_had_answered_is_kept_once()
    {
        var path = run.Copy();
        var rows = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted, ["id"]).Select(r => r.Id).Take(120).ToArray();
        var answered = new List<string>();
        for (var start = 0; start < rows.Length; )
        {
            using var server = await Started.Begin(path);
            var until = Math.Min(rows.Length, start + 40);
            for (; start < until; start++)
            {
                if (start == until - 5)
                    // Kills it beside the last requests of this round.
                    _ = Task.Run(server.Kill);
                if (!await server.Decide(rows[start]))
                    break;
                answered.Add(rows[start]);
            }

            server.Kill();
            if (start < until)
                start++;
        }

        using var log = new DecisionLog(path, TimeProvider.System);
        var kept = log.Entries.Select(d => d.Row).ToArray();
        kept.Should().OnlyHaveUniqueItems().And.Contain(answered);
        answered.Count.Should().BeGreaterThan(90);
    }

    private sealed class Started : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client;

        private Started(Process process, HttpClient client) => (_process, _client) = (process, client);

        public static async Task<Started> Begin(string path)
        {
            var start = new ProcessStartInfo("dotnet", [ReviewRun.Program, "review", path, "--port", "0"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server said nothing");
            var client = new HttpClient { BaseAddress = new(Regex.Match(line, "http://[^ ]+").Value) };
            var page = await client.GetStringAsync("/learn");
            client.DefaultRequestHeaders.Add("X-CSRF", Regex.Match(page, "name=\"csrf\" content=\"([^\"]+)\"").Groups[1].Value);
            return new(process, client);
        }

        public async Task<bool> Decide(string row)
        {
            try
            {
                using var answer = await _client.PostAsJsonAsync("/api/decisions", new { row, ruling = "accept" });
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            _client.Dispose();
            _process.Dispose();
        }
    }
}
