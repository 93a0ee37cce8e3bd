using System.ClientModel.Primitives;

namespace ConvoSynth.Models;

/// <summary>Adds the <c>api-version</c> that Azure's older address asks for.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    private readonly string _query = $"api-version={Uri.EscapeDataString(version)}";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Add(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Add(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Add(PipelineMessage message) => message.Request.Uri = new UriBuilder(message.Request.Uri!) { Query = _query }.Uri;
}
