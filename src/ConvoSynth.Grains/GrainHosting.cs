using Microsoft.Extensions.Hosting;
using ConvoSynth.Core;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Grains;

/// <summary>The one place that knows which runtime the grains run on.</summary>
public static class GrainHosting
{
    /// <summary>Runs the grains on an Orleans silo in this process. The section <c>Orleans</c> of <c>orleans.config.json</c> in the working folder configures it.</summary>
    public static IHostApplicationBuilder AddGrains(this IHostApplicationBuilder builder)
    {
        builder.Configuration.AddJsonFile(Path.GetFullPath("orleans.config.json"), optional: true, reloadOnChange: false);
        builder.UseOrleans(silo =>
        {
            if (builder.Configuration["Orleans:Clustering:ProviderType"] is null) silo.UseLocalhostClustering();
            silo.Services.AddGrainContracts();
        });
        return builder;
    }

    /// <summary>
    /// Core bears no Orleans attribute: its records travel as JSON, and within a process as they are, since they never change.
    /// Exceptions stay with Orleans' own codecs.
    /// </summary>
    public static IServiceCollection AddGrainContracts(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(
            IsContract, _ => false, codec => codec.Configure(options => options.SerializerOptions = Contracts.Json)));
        services.AddSingleton<SameReferenceCopier>();
        services.AddSingleton<IGeneralizedCopier>(s => s.GetRequiredService<SameReferenceCopier>());
        services.AddSingleton<ITypeFilter>(s => s.GetRequiredService<SameReferenceCopier>());
        services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("ConvoSynth"));
        return services;
    }

    private static bool IsContract(Type type) =>
        !typeof(Exception).IsAssignableFrom(type) && type.Namespace is { } space && space is "ConvoSynth.Core" or "ConvoSynth.Models" or "ConvoSynth.Synthesis" or "ConvoSynth.Grains" && !typeof(Orleans.Runtime.IAddressable).IsAssignableFrom(type);

    private sealed class SameReferenceCopier : IGeneralizedCopier, ITypeFilter
    {
        public bool IsSupportedType(Type type) => IsContract(type);

        public bool? IsTypeAllowed(Type type) => IsContract(type) ? true : null;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
