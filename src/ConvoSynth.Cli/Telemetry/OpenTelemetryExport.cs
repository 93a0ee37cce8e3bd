using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ConvoSynth.Cli.Telemetry;

/// <summary>
/// Exports metrics and traces of ConvoSynth, the grain runtime, .NET and HTTP requests. OpenTelemetry's own environment variables name
/// the collector (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the others of its specification). Without that variable, nothing is measured
/// or sent.
/// </summary>
public sealed class OpenTelemetryExport : IDisposable
{
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OpenTelemetryExport(string run)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("convosynth", serviceInstanceId: run).AddEnvironmentVariableDetector();
        _metrics = Meters().SetResourceBuilder(resource).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("ConvoSynth.*", "Microsoft.Orleans.*")
            .AddHttpClientInstrumentation()
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>What is measured, without an exporter.</summary>
    public static MeterProviderBuilder Meters() =>
        Sdk.CreateMeterProviderBuilder()
            .AddMeter("ConvoSynth.*", "Microsoft.Orleans")
            .AddRuntimeInstrumentation()
            .AddHttpClientInstrumentation();

    public static OpenTelemetryExport? FromEnvironment(string run) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) ? null : new(run);

    /// <summary>Flushes pending data.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
