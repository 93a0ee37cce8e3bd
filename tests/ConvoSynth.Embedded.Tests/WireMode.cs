using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>What survives a grain call, and what does not.</summary>
public sealed class WireMode : IDisposable
{
    private readonly Cluster _wire = new(wire: true);
    private readonly Cluster _plain = new();

    [Fact]
    public void Records_survive_by_value()
    {
        var sent = new Note("n", [1, 2], new JsonObject { ["a"] = 1.50m }, new Spoken("hello"));

        var got = _wire.Result(_wire.Grains.GetGrain<ITravelGrain>("a").Carry(sent));

        got.Should().NotBeSameAs(sent).And.BeEquivalentTo(sent, options => options.Excluding(note => note.Extra));
        got.Extra!.ToJsonString().Should().Be("""{"a":1.50}""");
        got.Body.Should().BeOfType<Spoken>();
    }

    [Fact]
    public void In_process_the_same_object_arrives()
    {
        var sent = new Note("n", [1], null, new Spoken("hello"));

        _plain.Result(_plain.Grains.GetGrain<ITravelGrain>("a").Carry(sent)).Should().BeSameAs(sent);
    }

    [Theory]
    [InlineData("an abstract record", "argument", "Shape is abstract and has no [JsonDerivedType]")]
    [InlineData("a nested abstract record", "argument", "Shape is abstract and has no [JsonDerivedType]")]
    [InlineData("a default array", "argument", "cannot be written as JSON")]
    [InlineData("an open record", "argument", "is neither sealed nor polymorphic")]
    [InlineData("a tuple", "argument", "has fields instead of properties")]
    [InlineData("an object", "argument", "object reads back as a JsonElement")]
    [InlineData("a private setter", "argument", "reads back as something else")]
    [InlineData("a dictionary", "result", "a dictionary cannot be a result by itself")]
    [InlineData("an abstract result", "result", "Shape is abstract and has no [JsonDerivedType]")]
    public void What_would_be_lost_fails_its_call_with_a_reason(string what, string side, string reason)
    {
        Send(_plain, what).IsCompletedSuccessfully.Should().BeTrue("it passes in process");

        var failure = _wire.Failure(Send(_wire, what));

        failure.Should().BeOfType<OrleansException>().Which.Message.Should()
            .Contain(reason).And.Contain(nameof(ITravelGrain)).And.StartWith(side == "argument" ? "Argument 'value' of" : "The result of");
    }

    [Fact]
    public void A_dictionary_wrapped_in_a_record_survives()
    {
        var sent = new Wrapped(new Dictionary<string, Note>(StringComparer.Ordinal) { ["k"] = new("n", [], null, new Spoken("x")) });

        _wire.Result(_wire.Grains.GetGrain<ITravelGrain>("a").CarryWrapped(sent)).Should().BeEquivalentTo(sent);
    }

    [Fact]
    public void A_custom_exception_becomes_an_error_that_names_it()
    {
        _wire.Script.Steps["fail"] = (_, _) => throw new CustomException("own words");

        var failure = _wire.Failure(_wire.Plain().Do("fail"));

        failure.Should().BeOfType<OrleansException>().Which.Message.Should().Contain(typeof(CustomException).FullName).And.Contain("own words");
    }

    [Fact]
    public void An_exception_arrives_as_another_object()
    {
        var thrown = new InvalidOperationException("words");
        _wire.Script.Steps["fail"] = (_, _) => throw thrown;

        _wire.Failure(_wire.Plain().Do("fail")).Should().NotBeSameAs(thrown).And.BeOfType<InvalidOperationException>().Which.Message.Should().Be("words");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_grain_passes_a_reference_to_itself_on(bool wire)
    {
        var cluster = wire ? _wire : _plain;

        cluster.Result(cluster.Grains.GetGrain<ITravelGrain>("a").AskBack("b")).Should().Be("a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_grain_that_passes_itself_on_arrives_as_a_reference(bool wire)
    {
        var cluster = wire ? _wire : _plain;

        cluster.Result(cluster.Grains.GetGrain<ITravelGrain>("a").AskBackWithThis("b")).Should().Be("a");
    }

    public void Dispose()
    {
        _wire.Dispose();
        _plain.Dispose();
    }

    private static Task Send(Cluster cluster, string what)
    {
        var grain = cluster.Grains.GetGrain<ITravelGrain>("a");
        Task sent = what switch
        {
            "an abstract record" => grain.CarryShape(new Circle(1)),
            "a nested abstract record" => grain.CarryDrawing(new Drawing([new Circle(1)])),
            "a default array" => grain.Carry(new Note("n", default, null, new Spoken("x"))),
            "an open record" => grain.CarryOpen(new Derived("a", "lost")),
            "a tuple" => grain.CarryTuple(("a", 1)),
            "an object" => grain.CarryObject("a"),
            "a private setter" => grain.CarrySecretive(Secretive.Of("a")),
            "a dictionary" => grain.Dictionary(),
            "an abstract result" => grain.ShapeOf(1),
            _ => throw new ArgumentException($"'{what}' is not a case.", nameof(what)),
        };
        cluster.Run();
        return sent;
    }
}

public sealed record Note(string Name, ImmutableArray<int> Numbers, JsonNode? Extra, Body Body);

[JsonDerivedType(typeof(Spoken), "spoken")]
public abstract record Body;

public sealed record Spoken(string Text) : Body;

public abstract record Shape;

public sealed record Circle(double Radius) : Shape;

public sealed record Drawing(ImmutableArray<Shape> Shapes);

public record Open(string Name);

public sealed record Derived(string Name, string Extra) : Open(Name);

public sealed record Wrapped(IReadOnlyDictionary<string, Note> Notes);

public sealed record Secretive
{
    public string Name { get; private init; } = "";

    public static Secretive Of(string name) => new() { Name = name };
}

public sealed class CustomException(string message) : Exception(message);

public interface ITravelGrain : IGrainWithStringKey
{
    Task<Note> Carry(Note value);

    Task CarryShape(Shape value);

    Task CarryDrawing(Drawing value);

    Task CarryOpen(Open value);

    Task CarryTuple((string, int) value);

    Task CarryObject(object value);

    Task CarrySecretive(Secretive value);

    Task<Wrapped> CarryWrapped(Wrapped value);

    Task<Dictionary<string, Note>> Dictionary();

    Task<Shape> ShapeOf(double radius);

    Task<string> AskBack(string other);

    Task<string> AskBackWithThis(string other);

    Task<string> Meet(ITravelGrain visitor);
}

public sealed class TravelGrain : Grain, ITravelGrain
{
    public Task<Note> Carry(Note value) => Task.FromResult(value);

    public Task CarryShape(Shape value) => Task.CompletedTask;

    public Task CarryDrawing(Drawing value) => Task.CompletedTask;

    public Task CarryOpen(Open value) => Task.CompletedTask;

    public Task CarryTuple((string, int) value) => Task.CompletedTask;

    public Task CarryObject(object value) => Task.CompletedTask;

    public Task CarrySecretive(Secretive value) => Task.CompletedTask;

    public Task<Wrapped> CarryWrapped(Wrapped value) => Task.FromResult(value);

    public Task<Dictionary<string, Note>> Dictionary() => Task.FromResult(new Dictionary<string, Note>(StringComparer.Ordinal));

    public Task<Shape> ShapeOf(double radius) => Task.FromResult<Shape>(new Circle(radius));

    public Task<string> AskBack(string other) => GrainFactory.GetGrain<ITravelGrain>(other).Meet(this.AsReference<ITravelGrain>());

    public Task<string> AskBackWithThis(string other) => GrainFactory.GetGrain<ITravelGrain>(other).Meet(this);

    public Task<string> Meet(ITravelGrain visitor) =>
        visitor is GrainReference ? Task.FromResult(visitor.GetPrimaryKeyString()) : throw new InvalidOperationException("Not a reference.");
}
