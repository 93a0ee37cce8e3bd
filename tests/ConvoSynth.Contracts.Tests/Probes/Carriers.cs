using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using Orleans.Concurrency;

namespace ConvoSynth.Contracts.Tests.Probes;

/// <summary>A grain that accepts values and returns what it received.</summary>
public interface ICarrier : IGrainWithStringKey
{
    /// <summary>Keeps the record and returns it.</summary>
    Task<RunSpec> Carry(RunSpec value);

    Task<RunSpec?> Kept();

    /// <summary>Keeps the list and returns it.</summary>
    Task<List<string>> CarryList(List<string> value);

    Task<int> KeptCount();

    Task<object> CarryImmutable([Immutable] List<string> value);

    Task<ImmutableArray<int>> CarryArray(ImmutableArray<int> value);

    Task<string?> CarryNothing(string? value);

    Task<string> AskBack(string other);

    Task<string> AskBackWithThis(string other);

    Task<string> Meet(ICarrier visitor);

    Task<ICarrier> Self();

    Task<string> KeyOf(IAddressable grain);
}

/// <summary>A second interface of the same grains.</summary>
public interface ILabelled : IGrainWithStringKey
{
    Task<string> Label();
}

public sealed class Carrier : Grain, ICarrier, ILabelled
{
    private RunSpec? _kept;
    private List<string>? _list;

    public Task<RunSpec> Carry(RunSpec value) => Task.FromResult(_kept = value);

    public Task<RunSpec?> Kept() => Task.FromResult(_kept);

    public Task<List<string>> CarryList(List<string> value) => Task.FromResult(_list = value);

    public Task<int> KeptCount() => Task.FromResult(_list!.Count);

    public Task<object> CarryImmutable([Immutable] List<string> value)
    {
        value.Add("seen by the caller");
        return Task.FromResult<object>("done");
    }

    public Task<ImmutableArray<int>> CarryArray(ImmutableArray<int> value) => Task.FromResult(value);

    public Task<string?> CarryNothing(string? value) => Task.FromResult(value);

    public Task<string> AskBack(string other) => GrainFactory.GetGrain<ICarrier>(other).Meet(this.AsReference<ICarrier>());

    public Task<string> AskBackWithThis(string other) => GrainFactory.GetGrain<ICarrier>(other).Meet(this);

    public Task<string> Meet(ICarrier visitor) =>
        visitor is GrainReference
            ? Task.FromResult(visitor.GetPrimaryKeyString())
            : throw new InvalidOperationException("Not a reference.");

    public Task<ICarrier> Self() => Task.FromResult(this.AsReference<ICarrier>());

    public Task<string> KeyOf(IAddressable grain) => Task.FromResult(grain.GetPrimaryKeyString());

    public Task<string> Label() => Task.FromResult(this.GetGrainId().ToString());
}

/// <summary>An interface that no class implements.</summary>
public interface IUnimplemented : IGrainWithStringKey
{
    Task Do();
}
