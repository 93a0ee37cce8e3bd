using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Asking;

// One word is all that these ask for.
public sealed partial class EndpointProbe
{
    /// <summary>Whether the endpoint answers a harmless question, with any content.</summary>
    public async ValueTask<bool> Answers(string run, CancellationToken cancellationToken)
    {
        try
        {
            return !(await AskForWord(run, cancellationToken)).IsPromptRefused;
        }
        catch (Exception e) when (e is EndpointException or TransientModelException)
        {
            return false;
        }
    }

    /// <summary>Why the endpoint refuses this process for good; null if it answers, or fails in a way that may pass.</summary>
    public async ValueTask<string?> Refusal(string run, CancellationToken cancellationToken)
    {
        try
        {
            await AskForWord(run, cancellationToken);
            return null;
        }
        catch (EndpointException e) when (e.IsRefusal)
        {
            return e.Message;
        }
        catch (Exception e) when (e is EndpointException or TransientModelException)
        {
            return null;
        }
    }

    private ValueTask<ChatAnswer> AskForWord(string run, CancellationToken cancellationToken) =>
        Ask(
            run,
            0,
            [Message.User($"Say the word {ProbeQuestion.Word}.")],
            [],
            ImmutableArray.CreateBuilder<ModelCall>(),
            cancellationToken
        );
}
