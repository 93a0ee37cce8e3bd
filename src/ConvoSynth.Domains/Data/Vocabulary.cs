using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>The names that generators draw. Worlds compose theirs, so that a run of many has thousands.</summary>
internal abstract class Vocabulary
{
    /// <summary>The names of a pack's own database, from the engine's lists.</summary>
    public static Vocabulary Own { get; } = new Listed();

    /// <summary>The names of worlds, composed by <c>Data/Words/worlds.yaml</c>.</summary>
    public static Vocabulary OfWorlds { get; } = new Composed();

    public abstract string Surname(SeededRandom random);

    public abstract string FirstName(SeededRandom random);

    public abstract string Street(SeededRandom random);

    public abstract string City(SeededRandom random);

    private sealed class Listed : Vocabulary
    {
        public override string Surname(SeededRandom random) => random.Pick(WordLists.Surnames);

        public override string FirstName(SeededRandom random) => random.Pick(WordLists.FirstNames);

        public override string Street(SeededRandom random) => random.Pick(WordLists.Streets);

        public override string City(SeededRandom random) => random.Pick(WordLists.Cities);
    }

    private sealed class Composed : Vocabulary
    {
        private const string File = "worlds.yaml";
        private readonly Phrases _phrases = Read();

        public override string Surname(SeededRandom random) => _phrases.Draw("surname", random);

        public override string FirstName(SeededRandom random) => random.Pick(WordLists.FirstNames);

        public override string Street(SeededRandom random) => _phrases.Draw("street", random);

        public override string City(SeededRandom random) => _phrases.Draw("city", random);

        private static Phrases Read()
        {
            var faults = new List<PackDiagnostic>();
            var root = YamlPart.Parse(File, Encoding.UTF8.GetString(WordLists.Content(File)), faults);
            var phrases = root is null ? null : Phrases.Read(root);
            return phrases is not null && faults.Count == 0
                ? phrases
                : throw new InvalidOperationException($"the word list is damaged: {string.Join("; ", faults)}");
        }
    }
}
