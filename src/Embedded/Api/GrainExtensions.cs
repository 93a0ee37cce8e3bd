using ConvoSynth.Embedded.Runtime;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain and grain reference can say of itself.</summary>
public static class GrainExtensions
{
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        _ => throw new ArgumentException($"{grain.GetType().Name} is neither a grain of this runtime nor a reference to one.", nameof(grain)),
    };

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>A reference of the given interface to this grain: what a grain passes on instead of <c>this</c>.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        var runtime = grain switch
        {
            GrainReference reference => reference.Runtime,
            IGrainBase { GrainContext: Activation activation } => activation.Runtime,
            _ => throw new ArgumentException($"{grain.GetType().Name} is neither a grain of this runtime nor a reference to one.", nameof(grain)),
        };
        return (TGrainInterface)(object)runtime.References.Create(typeof(TGrainInterface), grain.GetGrainId());
    }
}
