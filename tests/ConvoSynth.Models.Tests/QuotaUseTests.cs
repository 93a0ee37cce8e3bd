using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;

namespace ConvoSynth.Models.Tests;

/// <summary>
/// How much of a server's quota a process uses, and how many requests the server refuses, over three minutes. The server charges prompt
/// and maximum output at admission, settles later, and holds one second of refill. Only the test moves the clock.
/// </summary>
public sealed class QuotaUseTests
{
    private const int Minutes = 3;

    // Milliseconds. Due timers run at the end of a step, as on a busy machine.
    private const int Step = 4;

    private readonly SteppedTime _time = new();
    private readonly SeededRandom _random = new(11);
    private int _sent;
    private int _refused;
    private long _used;

    [Theory]
    [InlineData(6000, 3_000_000, 2000)] // tokens bind
    [InlineData(6000, 60_000_000, 2000)] // requests bind
    [InlineData(6000, 3_000_000, 300)]
    public void Nearly_all_quota_is_used_and_hardly_a_request_refused(int requests, int tokens, int dialogues)
    {
        var turns = new Turns();
        SynchronizationContext.SetSynchronizationContext(turns);
        var spec = Endpoints.Spec() with { RequestsPerMinute = requests, TokensPerMinute = tokens, MaxOutputTokens = 1024 };
        using var quota = Accounts.Holder(_time, new(requests, tokens), new LocalAccounts(_time));
        var server = new Server(requests, tokens, _time);
        for (var i = 0; i < dialogues; i++)
            _ = Speak(spec, quota, server);

        for (var i = 0; i < Minutes * 60 * 1000 / Step; i++)
        {
            _time.Pass(TimeSpan.FromMilliseconds(Step));
            turns.Run();
        }

        var share = Math.Max(_sent / (double)(requests * Minutes), _used / (double)((long)tokens * Minutes));
        share.Should().BeGreaterThan(0.97).And.BeLessThan(1.02);
        (_refused / (double)_sent).Should().BeLessThan(0.005, "{0} of {1} were refused", _refused, _sent);
    }

    private async Task Speak(EndpointSpec spec, AccountHolder quota, Server server)
    {
        while (true)
        {
            int prompt,
                answer;
            double transit,
                latency;
            (prompt, answer, transit, latency) = (
                _random.Between(300, 1200),
                _random.Between(20, 200),
                0.002 * _random.NextDouble(),
                0.5 + _random.NextDouble()
            );
            using var use = await quota.Take((int)(prompt * 1.02), spec.MaxOutputTokens, default);
            await Task.Delay(TimeSpan.FromSeconds(transit), _time);
            _sent++;
            if (!server.Admit(prompt + spec.MaxOutputTokens))
            {
                _refused++;
                use.Settle(Usage.None);
                continue;
            }

            await Task.Delay(TimeSpan.FromSeconds(latency), _time);
            server.GiveBack(spec.MaxOutputTokens - answer);
            _used += prompt + answer;

            await Task.Delay(TimeSpan.FromSeconds(transit), _time);
            use.Settle(new(prompt, 0, answer, 0));
        }
    }

    // A separate implementation of a server's buckets, so that an error in ours cannot hide in both.
    private sealed class Server(double requestsPerMinute, double tokensPerMinute, SteppedTime time)
    {
        private double _requests = requestsPerMinute / 60;
        private double _tokens = tokensPerMinute / 60;
        private long _at = time.GetTimestamp();

        public bool Admit(int tokens)
        {
            var seconds = time.GetElapsedTime(_at).TotalSeconds;
            _at = time.GetTimestamp();
            _requests = Math.Min(requestsPerMinute / 60, _requests + (seconds * requestsPerMinute / 60));
            _tokens = Math.Min(tokensPerMinute / 60, _tokens + (seconds * tokensPerMinute / 60));
            if (_requests < 1 || _tokens < tokens)
                return false;
            _requests--;
            _tokens -= tokens;
            return true;
        }

        public void GiveBack(int tokens) => _tokens = Math.Min(tokensPerMinute / 60, _tokens + tokens);
    }

    // Runs all continuations in order on one thread, so that a run is a function of its seed.
    private sealed class Turns : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback, object?)> _queue = new();

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public void Run()
        {
            while (_queue.TryDequeue(out var turn))
                turn.Item1(turn.Item2);
        }
    }
}
