using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Needs;

/// <summary>What is done with a calculator's results, and where its operands come from.</summary>
internal sealed class Calculations(Trace trace, Func<TraceCall, bool> isSeen)
{
    /// <summary>Numbers up to this are counted, not read.</summary>
    private const int LargestCount = 12;

    /// <summary>Whether the result of a calculation is said, given to a call, or a step of another calculation.</summary>
    public bool Use(int index)
    {
        var call = trace.Calls[index];
        if ((call.Result.Value.Number ?? (double.TryParse(call.Result.Text, out var text) ? text : null)) is not { } result)
            return true;
        if (AgentWords.Of(trace).Any(w => w.Message > call.Message && Has(w.Text, result)))
            return true;
        for (var i = index + 1; i < trace.Calls.Count; i++)
        {
            if (isSeen(trace.Calls[i]) && Has(trace.Calls[i].Call.Arguments, result))
                return true;
        }

        return false;
    }

    /// <summary>Whether a later calculation takes a number that nothing else than this read shows.</summary>
    public bool TakeFrom(int index)
    {
        if (!trace.Calls.Skip(index + 1).Any(c => c.Tool is { Calculates: true } && isSeen(c)))
            return false;
        var shown = new List<double>();
        JsonSearch.Numbers(trace.Calls[index].Result.Value, shown, int.MaxValue);
        for (var i = index + 1; i < trace.Calls.Count; i++)
        {
            if (trace.Calls[i] is not { Tool: { Calculates: true }, Succeeded: true } calculation || !isSeen(calculation))
                continue;
            foreach (var operand in FieldValues.Numbers(calculation.Call.Arguments))
            {
                if (operand > LargestCount && shown.Exists(n => Math.Abs(n - operand) < 0.005) && !IsNumberKnown(operand, index, i))
                    return true;
            }
        }

        return false;
    }

    private bool IsNumberKnown(double number, int except, int before)
    {
        for (var i = 0; i < before; i++)
        {
            var numbers = new List<double>();
            if (i != except && trace.Calls[i].Succeeded && isSeen(trace.Calls[i]))
                JsonSearch.Numbers(trace.Calls[i].Result.Value, numbers, int.MaxValue);
            if (numbers.Exists(n => Math.Abs(n - number) < 0.005))
                return true;
        }

        for (var i = 0; i < trace.Calls[before].Message; i++)
        {
            if (trace.Conversation.Messages[i] is { Role: MessageRole.User, Content: { Length: > 0 } said } && Has(said, number))
                return true;
        }

        return Has(trace.IsForeign ? trace.Conversation.System : trace.Pack.Policy.Text, number);
    }

    private static bool Has(string text, double number)
    {
        foreach (var said in FieldValues.Numbers(text))
        {
            if (Math.Abs(Math.Abs(said) - Math.Abs(number)) < 0.005)
                return true;
        }

        return false;
    }
}
