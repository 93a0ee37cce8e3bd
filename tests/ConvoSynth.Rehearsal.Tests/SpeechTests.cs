using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>The language of rehearsed dialogues: personas show, the agent recovers from errors, and no text names a slot.</summary>
public sealed class SpeechTests
{
    private static readonly Pack Pack = LoanTasks.Pack;

    private static Persona Of(string trait) =>
        new(trait, trait, Json.Map((trait, 1.0), ("brief", 0.1), ("hurried", 0.0), ("unsure", trait == "unsure" ? 1.0 : 0.0)));

    [Fact]
    public async Task A_persona_that_writes_in_lower_case_begins_no_sentence_with_a_capital()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var played = await Playing.Play(Pack, LoanTasks.Renew.With(Of("lower_case")), (ulong)seed);
            var sentences = played
                .HumanText.Replace("###STOP###", "", StringComparison.Ordinal)
                .Split(['\n', '.', '?', '!'])
                .Select(s => s.Trim())
                .Where(s => s.Length > 0);
            // Titles and names keep their letter case.
            sentences
                .Where(s =>
                    char.IsUpper(s[0])
                    && !Pack.BaseView["loans"].Rows.Any(l => s.StartsWith(l.Text("title"), StringComparison.Ordinal))
                    && !s.StartsWith("Ashby", StringComparison.Ordinal)
                )
                .Should()
                .BeEmpty(played.ToString());
        }
    }

    [Theory]
    [InlineData("unsure")]
    [InlineData("careful")]
    public async Task A_persona_that_asks_back_mostly_does_so_before_the_yes(string trait)
    {
        var asked = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var played = await Playing.Play(Pack, LoanTasks.Renew.With(Of(trait)), (ulong)seed);
            if (
                played
                    .Messages.Skip(1)
                    .Any(m =>
                        m.Role == MessageRole.User
                        && m.Content!.EndsWith('?')
                        && !m.Content.Contains("renew", StringComparison.OrdinalIgnoreCase)
                        && !m.Content.Contains("###STOP###", StringComparison.Ordinal)
                    )
            )
                asked++;
        }

        asked.Should().BeGreaterThan(20);
    }

    [Fact]
    public async Task An_error_that_the_agent_gets_over_fails_once_is_kept_from_training_and_rejects_nothing()
    {
        var verifier = Verifier.Default(Pack);
        var met = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var task in LoanTasks.All)
            {
                var played = await Playing.Play(Pack, task.With(Pack.Personas[0]), (ulong)seed, new() { ErrorRate = 1 });
                var conversation = new Conversation
                {
                    System = Pack.SystemPrompt,
                    Tools = Pack.ToolsFor(task),
                    Messages = played.Messages,
                    End = played.End,
                    Meta = [.. played.Messages.Select(m => new MessageMeta { Train = m.Role == MessageRole.Assistant })],
                };
                var verified = verifier.Verify(Pack, played.Blueprint, conversation);
                verified.Verdicts.Where(v => v.Rejects || v.Outcome == Outcome.Unsure).Should().BeEmpty(played.ToString());
                var failed = Enumerable
                    .Range(0, played.Messages.Length)
                    .Where(i =>
                        played.Messages[i].Role == MessageRole.Tool
                        && played.Messages[i].Content!.StartsWith("Error", StringComparison.Ordinal)
                    )
                    .ToArray();
                if (failed.Length == 0)
                    continue;
                met++;
                var masks = TurnMasks.Of(Trace.Run(Pack, played.Blueprint, conversation));
                failed.Should().ContainSingle();
                masks[failed[0] - 1].Train.Should().BeFalse();
            }
        }

        met.Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task Without_an_error_rate_no_call_fails()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var played = await Playing.Play(Pack, LoanTasks.Renew.With(Pack.Personas[0]), (ulong)seed);
            played
                .Messages.Should()
                .NotContain(m => m.Role == MessageRole.Tool && m.Content!.StartsWith("Error", StringComparison.Ordinal));
        }
    }
}
