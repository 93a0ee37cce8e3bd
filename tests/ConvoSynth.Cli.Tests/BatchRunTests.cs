using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

/// <summary>Runs whose judges, writer and proposer answer by batch, over HTTP.</summary>
public sealed class BatchRunTests : IDisposable
{
    private const int Count = 30;
    private const string Judge = "name: judge, provider: openai, model: m, rehearsal: true, price: {input: 1, output: 2}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_in_the_middle_of_a_batch_uses_every_answer_once_and_pays_for_none_twice()
    {
        var log = _folder.At("requests.jsonl");
        string[] failures = ["--fail", "500=0.05", "--batch-expiry", "0.3", "--batch-tokens", "120000"];
        using var endpoint = Endpoint(out var url, ["--batch-seconds", "0.8", "--log", log, .. failures]);
        var spec = Spec("batch", await url, "batch: {seconds: 0.3, poll_seconds: 0.1, requests: 25}, retries: 20");
        using (var process = Convosynth.Start("generate", "--spec", spec, "--no-probe", "--concurrency", "30", "--out", _folder.At("run")))
        {
            // The judges' second batch: some answers are in the journal, and others are not.
            await UntilBatches(await url, open: 1, created: 3);
            process.Process.Kill();
            await process.Process.WaitForExitAsync();
        }

        var before = await Batches(await url);
        var resumed = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--resume", "--out", _folder.At("run"));
        var after = await Batches(await url);
        var direct = Spec("direct", await url, "retries: 20");
        var whole = await Convosynth.Run("generate", "--spec", direct, "--no-probe", "--out", _folder.At("whole"));
        await Convosynth.Interrupt(endpoint);
        await endpoint.Process.WaitForExitAsync();

        resumed.ExitCode.Should().Be(0, resumed.Errors);
        whole.ExitCode.Should().Be(0, whole.Errors);
        ((int)before["open"]!).Should().BePositive("the kill comes in the middle of a batch");
        ((int)after["created"]!).Should().BeGreaterThan((int)before["created"]!);
        // Which batches expire, or are too many, depends on when they are gathered.
        ((int)after["expired"]! + (int)after["over_limit"]! + (int)after["failed"]!)
            .Should()
            .BePositive();
        TestFolder.Statuses(_folder.At("run")).Should().HaveCount(Count).And.Equal(TestFolder.Statuses(_folder.At("whole")));
        Paid(log).Should().NotBeEmpty().And.OnlyHaveUniqueItems("the endpoint charges once for each question");
        var lines = JsonNode.Parse(File.ReadAllText(_folder.At("run", "summary.json")))!["ledger"]!["lines"]!.AsArray();
        var judges = lines.Where(l => ((string)l!["role"]!).StartsWith("judge:", StringComparison.Ordinal)).ToList();
        judges.Should().OnlyContain(l => (string)l!["service_tier"]! == "batch");
        judges.Sum(l => (long)l!["calls"]!).Should().Be(Paid(log).Count, "each answer that was paid for is used");
        // Half of 1 and 2 dollars per million tokens.
        var tokens = judges.Sum(l => ((decimal)l!["usage"]!["input_tokens"]!) + (2 * (decimal)l["usage"]!["output_tokens"]!));
        judges.Sum(l => (decimal)l!["cost"]!).Should().BeApproximately(tokens / 2_000_000, 0.0001m);
    }

    [Fact]
    public async Task A_proposer_and_its_summarizer_answer_by_batch_and_the_rows_are_those_of_single_requests()
    {
        using var endpoint = Endpoint(out var url, "--proposal", "tool=0.3", "--proposal", "repair=0.6");
        const string Proposals = "proposals: {endpoint: judge, summarizer: judge, rounds: 1, share: 0.5}";
        var batch = Spec("batch", await url, "batch: {seconds: 0.3, poll_seconds: 0.1}", Proposals);
        var direct = Spec("direct", await url, "retries: 6", Proposals);

        var batched = await Convosynth.Run("generate", "--spec", batch, "--count", "20", "--out", _folder.At("run"));
        var whole = await Convosynth.Run("generate", "--spec", direct, "--count", "20", "--out", _folder.At("whole"));

        batched.ExitCode.Should().Be(0, batched.Errors);
        whole.ExitCode.Should().Be(0, whole.Errors);
        TestFolder.Statuses(_folder.At("run")).Should().Equal(TestFolder.Statuses(_folder.At("whole")));
        ((int)(await Batches(await url))["answered"]!).Should().BePositive();
    }

    [Fact]
    public async Task Turns_by_batch_are_refused_in_one_sentence()
    {
        var spec = _folder.Write(
            "turns.yaml",
            """
            endpoints: [{name: gpt, provider: openai, model: m, key_variable: NO_KEY, batch: true}]
            roles: {human: gpt, agent: gpt}
            """
        );

        (await Convosynth.Run("generate", "--spec", spec, "--out", _folder.At("run")))
            .Sentence()
            .Should()
            .Contain("the role human is given to the endpoint \"gpt\", which sends batches; a dialogue's turns wait for each other");
    }

    private static List<string> Paid(string log) =>
        [
            .. File.ReadLines(log)
                .Select(l => JsonNode.Parse(l)!)
                .Where(l => (string?)l["run"] == "run" && ((string)l["role"]!).StartsWith("judge:", StringComparison.Ordinal))
                .Where(l => (int)l["status"]! == 200)
                .Select(l => $"{l["index"]}/{l["attempt"]}/{l["role"]}/{l["step"]}/{l["part"]}"),
        ];

    private static async Task UntilBatches(string? url, int open, int created)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            var batches = await Batches(url);
            if ((int)batches["open"]! >= open && (int)batches["created"]! >= created && (int)batches["answered"]! > 0)
                return;
        }
    }

    private static async Task<JsonNode> Batches(string? url)
    {
        using var client = new HttpClient();
        return JsonNode.Parse(await client.GetStringAsync(new Uri($"{url}/stats")))!["batches"]!;
    }

    private static Underway Endpoint(out Task<string?> url, params string[] options)
    {
        var endpoint = Convosynth.Start(["endpoint", "--port", "0", "--domain", "library", .. options]);
        url = endpoint.Process.StandardOutput.ReadLineAsync();
        return endpoint;
    }

    private string Spec(string name, string? url, string judge, string more = "")
    {
        var key = _folder.Write("key", "none");
        return _folder.Write(
            $"{name}.yaml",
            $$"""
            domains: [library]
            count: {{Count}}
            endpoints:
              - {name: local, provider: openai-compatible, model: m, url: "{{url}}/v1", rehearsal: true, retries: 20}
              - {{{Judge}}, url: "{{url}}/v1", key_file: "{{key}}", {{judge}}}
            roles:
              human: local
              agent: local
              judges: [{name: one, endpoint: judge}, {name: two, endpoint: judge}, {name: three, endpoint: judge}]
              committee: {blueprints: true}
            {{more}}
            """
        );
    }
}
