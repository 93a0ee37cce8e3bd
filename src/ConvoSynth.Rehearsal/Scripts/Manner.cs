using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>A persona's dials, and the choice of lines by them.</summary>
internal sealed class Manner
{
    // A trait at or below this value never shows: otherwise a formal person would say something chatty one time in fifteen.
    private const double Shows = 0.2;

    private readonly SeededRandom _random;

    public Manner(Json traits, SeededRandom random)
    {
        _random = random;
        Brief = Dial(traits, "brief", Ordinary);
        Polite = Dial(traits, "polite", Ordinary);
        Chatty = Dial(traits, "chatty", Ordinary);
        Hurried = Dial(traits, "hurried", Ordinary);
        Unsure = Dial(traits, "unsure", Ordinary);
        Careful = Dial(traits, "careful", 0);
        Cross = Dial(traits, "cross", 0);
        LowerCase = Dial(traits, "lower_case", 0);
    }

    private const double Ordinary = 0.3;

    public double Brief { get; }

    public double Polite { get; }

    public double Chatty { get; }

    public double Hurried { get; }

    public double Unsure { get; }

    public double Careful { get; }

    public double Cross { get; }

    public double LowerCase { get; }

    /// <summary>One of the variants, by the person's manner.</summary>
    public string Pick(Lines lines)
    {
        if (lines.Unsure.Length > 0 && Takes(Unsure, 0.8))
            return _random.Pick(lines.Unsure);
        if (lines.Cross.Length > 0 && Takes(Cross, 0.6))
            return _random.Pick(lines.Cross);
        if (lines.Brief.Length > 0 && Takes(Math.Max(Brief, Hurried), 0.85))
            return _random.Pick(lines.Brief);
        if (lines.Chatty.Length > 0 && Takes(Chatty, 0.8))
            return _random.Pick(lines.Chatty);
        if (lines.Polite.Length > 0 && Takes(Polite, 0.8))
            return _random.Pick(lines.Polite);
        return _random.Pick(lines.Plain);
    }

    private bool Takes(double dial, double most) => dial > Shows && _random.Chance((dial - Shows) / (1 - Shows) * most);

    // A dial that the persona omits takes its ordinary value.
    private static double Dial(Json traits, string name, double otherwise) => Math.Clamp(traits[name].Number ?? otherwise, 0, 1);
}
