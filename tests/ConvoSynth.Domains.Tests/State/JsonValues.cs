using ConvoSynth.Core;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Domains.Tests.State;

/// <summary>Random JSON values: all kinds, with awkward texts and numbers, nested up to three levels.</summary>
internal static class JsonValues
{
    private static readonly string[] Texts =
    [
        "",
        "a",
        "A",
        "25",
        "null",
        "quote \" and \\",
        "line\nbreak",
        "tab\t",
        "é",
        "日本",
        "😀",
        "</script>",
        "\u0000",
        "\u2028",
    ];

    public static Gen<Json> Leaf { get; } =
        Gen.OneOf(
            Gen.Constant(Json.Null),
            Gen.Elements(true, false).Select(b => (Json)b),
            Gen.Elements(Texts).Select(t => (Json)t),
            Gen.Choose(-1000, 1000).Select(n => (Json)n),
            Gen.Choose(-100000, 100000).Select(n => (Json)(n / 100.0)),
            Gen.Elements(0.0, -0.0, 1e-7, 1e22, 1.7976931348623157e308, 5e-324, 9007199254740992d, 0.1 + 0.2).Select(n => (Json)n)
        );

    public static Gen<Json> Any { get; } = OfDepth(3);

    public static Gen<JsonMap> Map { get; } = MapOf(OfDepth(2));

    public static Arbitrary<Json> AnyArbitrary() => Any.ToArbitrary();

    public static Arbitrary<JsonMap> MapArbitrary() => Map.ToArbitrary();

    private static Gen<Json> OfDepth(int depth) =>
        depth == 0
            ? Leaf
            : Gen.Frequency(
                (3, Leaf),
                (1, OfDepth(depth - 1).ListOf().Select(l => (Json)Json.List(l.Take(4)))),
                (1, MapOf(OfDepth(depth - 1)).Select(m => (Json)m))
            );

    private static Gen<JsonMap> MapOf(Gen<Json> values) =>
        Gen.Elements("a", "b", "c", "d", "e")
            .Zip(values)
            .ListOf()
            .Select(pairs => pairs.Take(6).Aggregate(JsonMap.Empty, (map, pair) => map.With(pair.Item1, pair.Item2)));
}
