using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Builds a request from its parts.</summary>
internal sealed class RequestDraft(Request request)
{
    private Request _request = request;

    public RequestDraft Confirm(IEnumerable<string> details) => With(_request with { Confirm = [.. details] });

    public RequestDraft Done(IEnumerable<string> reports) => With(_request with { Done = [.. reports] });

    public RequestDraft Refusal(int index) => With(_request with { Refusals = [index] });

    public RequestDraft Output(int index) => With(_request with { Outputs = [index] });

    public void Into(List<Request> requests) => requests.Add(_request);

    private RequestDraft With(Request request)
    {
        _request = request;
        return this;
    }
}

/// <summary>Ways to say an answer.</summary>
internal static class AnswerWords
{
    public static IEnumerable<string> For(string question, string type, string said)
    {
        if (type == "flag")
            return [$"as for {question}: {said}"];
        return Phrasing.IsClause(question)
            ? [$"you asked {question}: {said}", $"the answer is {said}", $"I have looked it up: {said}", $"it is {said}"]
            : [$"{question} is {said}", $"I have looked that up: {said}", $"it is {said}"];
    }
}
