namespace ConvoSynth.Core;

/// <summary>
/// A 64-bit seed from which others are derived by purpose. Derivation mixes every bit (the finaliser of SplitMix64; Steele, Lea and
/// Flood, OOPSLA 2014), so seeds of neighbouring indexes are unrelated.
/// </summary>
public readonly record struct Seed(ulong Value)
{
    public Seed For(long number) => new(Mix(Value ^ Mix((ulong)number + 0x9E3779B97F4A7C15UL)));

    public Seed For(string purpose)
    {
        var hash = 14695981039346656037UL; // FNV-1a
        foreach (var c in purpose)
            hash = (hash ^ c) * 1099511628211UL;
        return new(Mix(Value ^ Mix(hash)));
    }

    /// <summary>A new generator with this seed.</summary>
    public SeededRandom Random() => new(Value);

    public override string ToString() => Value.ToString("x16");

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64. Not thread-safe.</summary>
public sealed class SeededRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public SeededRandom(ulong seed)
    {
        _a = Seed.Mix(seed += 0x9E3779B97F4A7C15UL);
        _b = Seed.Mix(seed += 0x9E3779B97F4A7C15UL);
        _c = Seed.Mix(seed += 0x9E3779B97F4A7C15UL);
        _d = Seed.Mix(seed + 0x9E3779B97F4A7C15UL);
    }

    public ulong NextBits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A whole number from 0 (inclusive) to <paramref name="limit"/> (exclusive).</summary>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(((UInt128)NextBits() * (ulong)limit) >> 64);
    }

    /// <summary>A whole number from <paramref name="from"/> to <paramref name="to"/>, both inclusive.</summary>
    public int Between(int from, int to) => from + Next(to - from + 1);

    /// <summary>A number from 0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>The items in a random order, as a new array.</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] shuffled = [.. items];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }
}
