using ConvoSynth.Core.Dialogues;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>An answer with the metadata that its body reports.</summary>
/// <param name="Id">Id of the try: 16 hexadecimal digits.</param>
/// <param name="Created">Seconds since 1970.</param>
internal sealed record Reply(string Id, string Model, long Created, Answer Answer, int PromptTokens, int CachedTokens, RequestFacts Asked)
{
    /// <summary>
    /// The field with the label of a fault that the rehearsal model planted in this message. An extension: no provider has it.
    /// </summary>
    public const string PlantedFaultField = "convosynth_planted_fault";

    public int CompletionTokens { get; } = Answer.Tokens;

    public bool IsWhole => Answer.Finish is FinishReason.Stop or FinishReason.ToolCalls;
}
