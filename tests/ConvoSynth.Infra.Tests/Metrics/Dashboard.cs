using System.Text.Json.Nodes;

namespace ConvoSynth.Infra.Tests.Metrics;

/// <summary>The dashboard, as Grafana reads it.</summary>
internal static class Dashboard
{
    public static JsonObject Root { get; } = JsonNode.Parse(Infra.Read("grafana", "convosynth.json"))!.AsObject();

    public static IEnumerable<JsonObject> Panels => Root["panels"]!.AsArray().Select(p => p!.AsObject());

    public static IEnumerable<JsonObject> Targets => Panels.SelectMany(p => p["targets"]?.AsArray() ?? []).Select(t => t!.AsObject());

    public static IEnumerable<string> Queries => Targets.Select(t => (string)t["expr"]!);

    public static IEnumerable<JsonObject> Variables => Root["templating"]!["list"]!.AsArray().Select(v => v!.AsObject());
}
