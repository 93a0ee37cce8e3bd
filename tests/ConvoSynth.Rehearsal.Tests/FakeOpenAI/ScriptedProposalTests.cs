using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

/// <summary>Whether proposals that are wrong by construction are refused, and for the right reason.</summary>
public sealed class ScriptedProposalTests
{
    private const int Indexes = 4;

    // Fault → the reasons that name it.
    private static readonly Dictionary<string, string[]> Reasons = new(StringComparer.Ordinal)
    {
        [ProposalBreaks.Tool] = [ProposalFaults.Tool],
        [ProposalBreaks.Argument] = [ProposalFaults.Arguments],
        [ProposalBreaks.Row] = [ProposalFaults.Row],
        [ProposalBreaks.Guard] = [ProposalFaults.Refused, ProposalFaults.Guard],
        [ProposalBreaks.Idle] = [ProposalFaults.NoEffect],
        [ProposalBreaks.Nothing] = [ProposalFaults.Nothing],
        [ProposalBreaks.Output] = [ProposalFaults.Output],
        [ProposalBreaks.Fact] = [ProposalFaults.Fact],
        [ProposalBreaks.Leak] = [ProposalFaults.Leak],
    };

    [Theory]
    [InlineData("library")]
    [InlineData("retail")]
    public void Each_broken_proposal_is_refused_for_its_own_reason_and_no_right_one_is(string domain)
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", domain));
        var sampler = new BlueprintSampler(pack);
        var spec = new RunSpec
        {
            RunId = "test",
            Domains = [domain],
            Count = Indexes,
            Seed = 7,
            Roles = new()
            {
                Human = "one",
                Agent = "one",
                Proposals = new() { Endpoint = "one" },
            },
        };
        var samplers = new Dictionary<string, BlueprintSampler>(StringComparer.Ordinal) { [domain] = sampler };
        var scripted = new ScriptedProposals(spec, samplers, new SampledBlueprints(spec, samplers));
        var desk = new ProposalDesk(spec, pack, sampler, [], excluded: null);
        var broken = new SortedDictionary<string, int>(StringComparer.Ordinal);

        for (var index = 0; index < Indexes; index++)
        {
            var proposal = scripted.Of(index)!;
            var persona = desk.ContextOf(index).Persona;
            desk.Make(proposal.Right, index, persona).Faults.Should().BeEmpty();
            foreach (var (fault, reasons) in Reasons)
            {
                if (ProposalBreaks.Broken(proposal, fault) is not { } text)
                    continue;
                broken[fault] = broken.GetValueOrDefault(fault) + 1;
                var made = desk.Make(Proposal.Of(Json.Parse(text)), index, persona);
                made.Blueprint.Should().BeNull($"{fault} at index {index}: {text}");
                made.Faults.Should().Contain(f => reasons.Contains(f.Check), $"{fault} at index {index}: {string.Join("; ", made.Faults)}");
            }
        }

        broken.Keys.Should().Contain(Reasons.Keys);
        broken.Values.Sum().Should().BeGreaterThan(Indexes * 4);
    }
}
