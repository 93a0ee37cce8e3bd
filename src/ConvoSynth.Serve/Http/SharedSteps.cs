using System.Text.Json;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.NemoGym;
using ConvoSynth.Serve.OpenEnv;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.Http;

/// <summary>
/// <c>POST /reset</c> and <c>/step</c>, which OpenEnv and NeMo Gym's Gymnasium variant both have. A body of the latter has
/// <c>responses_create_params</c>, which OpenEnv does not know.
/// </summary>
internal sealed class SharedSteps(OpenEnvRoutes? openEnv, GymnasiumSteps? gymnasium)
{
    public Task Reset(HttpContext context) =>
        Answer(context, body => gymnasium!.Reset(context, body), body => openEnv!.Reset(context, body));

    public Task Step(HttpContext context) => Answer(context, body => gymnasium!.Step(context, body), body => openEnv!.Step(context, body));

    private async Task Answer(HttpContext context, Func<JsonElement, Task> ofGymnasium, Func<JsonElement, Task> ofOpenEnv)
    {
        using var document = await HttpJson.Read(context);
        var body = document.RootElement;
        if (gymnasium is not null && (openEnv is null || GymnasiumSteps.Takes(body)))
            await ofGymnasium(body);
        else
            await ofOpenEnv(body);
    }
}
