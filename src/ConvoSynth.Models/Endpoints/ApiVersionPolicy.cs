using System.ClientModel.Primitives;

namespace ConvoSynth.Models.Endpoints;

/// <summary>Sets the spec's <c>api-version</c> of any date: Azure's client has an enum of the versions that its package knows.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    private readonly string _query = $"api-version={Uri.EscapeDataString(version)}";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Replace(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Replace(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Replace(PipelineMessage message) => message.Request.Uri = new UriBuilder(message.Request.Uri!) { Query = _query }.Uri;
}
