using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using ConvoSynth.Models.Protocols;
using OpenAI.Models;

namespace ConvoSynth.Models.Endpoints;

/// <summary>Reads <c>GET /models</c>, whose items may have a <c>shutdown_date</c> (OpenAI API reference, "List models").</summary>
/// <param name="client">Null if there is no list.</param>
internal sealed class OpenAIModelListing(OpenAIModelClient? client, string model, TimeProvider time) : IModelListing
{
    // The list is optional information, so the probe does not wait long for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask<DateOnly?> ShutdownDate(CancellationToken cancellationToken)
    {
        if (client is null)
            return null;
        using var giveUp = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, giveUp.Token);
        try
        {
            var result = await client.GetModelsAsync(
                new RequestOptions { CancellationToken = both.Token, ErrorOptions = ClientErrorBehaviors.NoThrow }
            );
            using var response = result.GetRawResponse();
            return response.Status == 200 ? DateIn(response.Content.ToMemory().Span) : null;
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or ClientResultException
                        or IOException
                        or OperationCanceledException
                        or Azure.RequestFailedException
                        or Azure.Identity.AuthenticationFailedException
            )
        {
            // The probe has already called the model itself, so a missing list means nothing.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private DateOnly? DateIn(ReadOnlySpan<byte> body)
    {
        using var document = ResponseJson.Parse(body, out _);
        if (document is null)
            return null;
        foreach (var item in ResponseJson.Items(document.RootElement, "data"u8))
        {
            if (TolerantText.Of(item, "id"u8) != model)
                continue;
            return DateOnly.TryParseExact(
                TolerantText.Of(item, "shutdown_date"u8),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
                ? date
                : null;
        }

        return null;
    }
}
