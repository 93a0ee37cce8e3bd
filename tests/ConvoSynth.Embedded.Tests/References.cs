using System.Reflection;
using System.Reflection.Emit;
using ConvoSynth.Embedded.Runtime;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>How grains are named, found and described.</summary>
public sealed class References : IDisposable
{
    private readonly Cluster _cluster = new();

    [Fact]
    public void A_reference_knows_its_key_and_equals_others_of_the_same_grain()
    {
        var reference = _cluster.Plain("k/with/slashes");

        reference.GetPrimaryKeyString().Should().Be("k/with/slashes");
        reference.GetGrainId().ToString().Should().Be("plainprobe/k/with/slashes");
        reference.Should().Be(_cluster.Plain("k/with/slashes")).And.NotBe(_cluster.Plain("other"));
        reference.GetHashCode().Should().Be(_cluster.Plain("k/with/slashes").GetHashCode());
        GrainId.Parse(reference.GetGrainId().ToString()).Should().Be(reference.GetGrainId());
    }

    [Fact]
    public void A_grain_is_found_by_its_id()
    {
        _cluster.Result(_cluster.Grains.GetGrain<IPlainProbe>(GrainId.Create("plainprobe", "k")).Do("key")).Should().Be("k");
    }

    [Fact]
    public void An_id_of_another_class_is_refused()
    {
        var wrong = () => _cluster.Grains.GetGrain<IPlainProbe>(GrainId.Create("travel", "k"));

        wrong.Should().Throw<ArgumentException>().WithMessage("Grain travel/k is a TravelGrain, which does not implement IPlainProbe.");
    }

    [Fact]
    public void An_interface_of_several_classes_needs_a_prefix()
    {
        var ambiguous = () => _cluster.Grains.GetGrain<IProbe>("k");

        ambiguous.Should().Throw<ArgumentException>().WithMessage("IProbe is implemented by *PlainProbeGrain*: say which by a class name prefix.");
        var chosen = _cluster.Grains.GetGrain<IProbe>("k", typeof(ReentrantProbeGrain).FullName);
        chosen.GetGrainId().Type.ToString().Should().Be("reentrantprobe");
        _cluster.Result(chosen.Do("key")).Should().Be("k");
    }

    [Fact]
    public void An_interface_without_a_class_is_refused_by_name()
    {
        var unknown = () => _cluster.Grains.GetGrain<IUnimplementedGrain>("k");

        unknown.Should().Throw<ArgumentException>().WithMessage("No grain class implements IUnimplementedGrain: add its assembly to GrainAssemblies.");
    }

    [Theory]
    [InlineData(typeof(IVoidGrain), "it returns Void instead of Task, ValueTask or IAsyncEnumerable")]
    [InlineData(typeof(IGenericMethodGrain), "it is static, generic, an accessor, or has by-reference parameters")]
    [InlineData(typeof(IOutGrain), "it is static, generic, an accessor, or has by-reference parameters")]
    [InlineData(typeof(IPropertyGrain), "it is static, generic, an accessor, or has by-reference parameters")]
    public void A_method_that_cannot_be_a_grain_method_is_refused(Type type, string reason)
    {
        var describe = () => new GrainInterface(type, TimeSpan.FromSeconds(1), null);

        describe.Should().Throw<OrleansConfigurationException>().WithMessage($"{type.Name}.* cannot be a grain method: {reason}.");
    }

    [Fact]
    public void Two_classes_of_one_grain_type_are_refused()
    {
        var build = () => GrainCatalog.Of([TwoGrainsOfOneName()]);

        build.Should().Throw<OrleansConfigurationException>().WithMessage("* are both of grain type 'twin': rename one.");
    }

    [Fact]
    public void A_grain_made_by_hand_says_what_it_lacks()
    {
        var grain = new TravelGrain();

        var key = () => grain.GetPrimaryKeyString();
        var timer = () => grain.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.Zero, TimeSpan.Zero);

        key.Should().Throw<ArgumentException>();
        timer.Should().Throw<InvalidOperationException>().WithMessage("TravelGrain was constructed outside the runtime*");
    }

    public void Dispose() => _cluster.Dispose();

    private static AssemblyBuilder TwoGrainsOfOneName()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Twins"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Twins");
        module.DefineType("One.TwinGrain", TypeAttributes.Public, typeof(Grain)).CreateType();
        module.DefineType("Two.TwinGrain", TypeAttributes.Public, typeof(Grain)).CreateType();
        return assembly;
    }
}

public interface IUnimplementedGrain : IGrainWithStringKey;

public interface IVoidGrain : IGrainWithStringKey
{
    void Do();
}

public interface IGenericMethodGrain : IGrainWithStringKey
{
    Task<T> Do<T>();
}

public interface IOutGrain : IGrainWithStringKey
{
    Task Do(out int value);
}

public interface IPropertyGrain : IGrainWithStringKey
{
    Task Done { get; }
}
