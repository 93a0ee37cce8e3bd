using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.OpenEnv;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.Http;

/// <summary>
/// Errors as the protocols' own servers answer them: <c>{"detail": …}</c>, a sentence, or with status 422 the list of what is wrong.
/// </summary>
internal static class ErrorAnswers
{
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or has a part of the answer: the connection ends.
            context.Abort();
        }
        catch (MessageException e)
        {
            await Unprocessable(context, e);
        }
        catch (JsonException e)
        {
            await Unprocessable(context, new("json_invalid", "body", $"JSON decode error: {e.Message}"));
        }
        catch (Exception e)
        {
            await HttpJson.Detail(context, StatusOf(e), e is OperationCanceledException ? "Session deleted" : e.Message);
        }
    }

    private static int StatusOf(Exception e) =>
        e switch
        {
            StatusException told => told.Status,
            BadHttpRequestException bad => bad.StatusCode,
            CapacityException => StatusCodes.Status503ServiceUnavailable,
            NoEpisodeException or EpisodeOverException => StatusCodes.Status409Conflict,
            ServeException => StatusCodes.Status400BadRequest,
            OperationCanceledException or ObjectDisposedException => StatusCodes.Status410Gone,
            _ => StatusCodes.Status500InternalServerError,
        };

    private static Task Unprocessable(HttpContext context, MessageException e) =>
        HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                OpenEnvError.WriteErrors(json, "detail"u8, e);
                json.WriteEndObject();
            },
            StatusCodes.Status422UnprocessableEntity
        );
}
