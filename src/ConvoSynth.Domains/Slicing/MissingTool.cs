using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>The only tool that could carry the wish out is not offered.</summary>
internal sealed class MissingTool(Pack pack)
{
    private readonly HandingOver _handing = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random) =>
        HandingOver.OnlyWrite(task) is { } write && _handing.Of(task, _handing.IsIdentity) is { } handed
            ? handed with
            {
                AvailableTools = pack.ToolNames.Remove(write.Tool),
                Twist = new() { Tempting = [new(write.Tool, write.Arguments)] },
            }
            : null;
}
