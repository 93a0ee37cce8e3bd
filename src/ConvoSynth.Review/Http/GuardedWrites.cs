using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Review.Http;

/// <summary>Requests that change something: each brings the token of this server's pages. An error is answered by one sentence.</summary>
internal sealed class GuardedWrites(IAntiforgery antiforgery)
{
    /// <summary>The token that a write of this browser or tool must bring.</summary>
    public string TokenOf(HttpContext context) => antiforgery.GetAndStoreTokens(context).RequestToken ?? "";

    public async Task<IResult> Do(HttpContext context, Func<Task<IResult>> work) =>
        await antiforgery.IsRequestValidAsync(context)
            ? await Try(work)
            // The browser fetches a token and asks again: the server may have been started anew.
            : Error("the page is too old, or of another server; load it again", StatusCodes.Status403Forbidden);

    /// <summary>Answers an error by its sentence.</summary>
    public static async Task<IResult> Try(Func<Task<IResult>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is ReviewException or Runs.RunException or Runs.ShardException or FormatException)
        {
            return Error(e.Message, StatusCodes.Status400BadRequest);
        }
    }

    private static IResult Error(string sentence, int status) =>
        Results.Json(new ErrorAnswer(sentence), ReviewJson.Default.ErrorAnswer, statusCode: status);
}
