using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConvoSynth.Rehearsal.FakeOpenAI.Answers;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Http;
using ConvoSynth.Rehearsal.FakeOpenAI.Measures;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Batches;

/// <summary>Answers a batch's lines as the requests that they are, one by one; what is counted and logged is the same.</summary>
internal sealed class LineAnswers(ServerParts parts)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Whether the line belongs in the output file, and the line.</returns>
    public async Task<(bool IsAnswer, string Line)> Of(BatchLine line, Protocol protocol, string id)
    {
        var at = parts.Seconds;
        try
        {
            var facts = RequestReading.Read(line.Body.Span, protocol);
            var script = facts.Call is { } call ? await parts.Scripts.Of(call, parts.Stopping) : null;
            var answer = await Answering.Of(facts, script, line.Body, parts.Options, parts.Stopping);
            var trying = Trying.Of(parts, facts, script);
            var failure = answer.Hangs ? FailureKind.Hang : trying.Fate.Failure;
            var isAnswer = failure == FailureKind.None || FailureKinds.IsAnswer(failure);
            var created = parts.Time.GetUtcNow().ToUnixTimeSeconds();
            var reply = new Reply(trying.Id, facts.Model, created, answer.Spoiled(failure), facts.PromptTokens, facts.CachedTokens, facts);
            parts.Counters.Begun();
            parts.Counters.Ended();
            if (failure != FailureKind.None)
                parts.Counters.Failed(failure);
            if (isAnswer)
                Answered(reply, trying);
            var status = isAnswer ? 200 : StatusOf(failure);
            var name = failure == FailureKind.None ? null : FailureKinds.NameOf(failure);
            parts.Log?.Add(
                new LoggedRequest(
                    facts.Call?.Key,
                    at,
                    trying.Number,
                    status,
                    name,
                    0,
                    facts.PromptTokens,
                    isAnswer ? reply.CompletionTokens : 0
                )
            );
            if (failure == FailureKind.Hang)
                return (false, Left(line, id, "request_timeout"));
            return (
                isAnswer,
                Written(line, id, status, isAnswer ? Body(protocol, reply) : Error("server_error", null, "It failed, as planted."))
            );
        }
        catch (RefusedException e)
        {
            parts.Counters.WasRefused(byQuota: false);
            return (false, Written(line, id, e.Status, Error("invalid_request_error", e.Code, e.Message)));
        }
    }

    /// <summary>A line without a response.</summary>
    public static string Left(BatchLine line, string id, string code) =>
        Text(json =>
        {
            json.WriteString("id"u8, id);
            json.WriteString("custom_id"u8, line.Id);
            json.WriteNull("response"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, "This request was not executed.");
            json.WriteEndObject();
        });

    private void Answered(Reply reply, Trying trying)
    {
        parts.Counters.Sent(reply);
        if (trying.Call is { } call)
            parts.Calls.Answered(call);
    }

    private static int StatusOf(FailureKind failure) =>
        failure switch
        {
            FailureKind.Status503 => 503,
            FailureKind.Status429 => 429,
            _ => 500,
        };

    private static string Written(BatchLine line, string id, int status, string body) =>
        Text(json =>
        {
            json.WriteString("id"u8, id);
            json.WriteString("custom_id"u8, line.Id);
            json.WriteStartObject("response"u8);
            json.WriteNumber("status_code"u8, status);
            json.WriteString("request_id"u8, id);
            json.WritePropertyName("body"u8);
            json.WriteRawValue(body);
            json.WriteEndObject();
            json.WriteNull("error"u8);
        });

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Body(Protocol protocol, Reply reply)
    {
        var scratch = Scratch.Take();
        Delivery.Fill(scratch, protocol, reply);
        var body = Encoding.UTF8.GetString(scratch.Written);
        scratch.Release();
        return body;
    }

    private static string Error(string type, string? code, string message)
    {
        var scratch = Scratch.Take();
        ErrorBody.Write(scratch, type, code, message, null);
        var body = Encoding.UTF8.GetString(scratch.Written);
        scratch.Release();
        return body;
    }
}
