using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Benchmarks;

/// <summary>
/// Takes dialogues from index to row without grains. Each stage processes a whole batch on the calling thread before the next stage
/// starts. So the cost of each stage can be measured separately.
/// </summary>
internal sealed class Pipeline
{
    private const int Batch = 100;

    private readonly RunSetup _setup;
    private readonly RunSetup _opened;
    private readonly OpenedModel _model;
    private readonly Action<string, Action> _stage;

    /// <param name="stage">Executes the work of a stage; may measure it.</param>
    public Pipeline(RunSetup setup, Action<string, Action> stage)
    {
        _setup = setup;
        _stage = stage;
        _model = new(setup.Human);
        _opened = setup with { Human = _model, Agent = _model };
    }

    /// <summary>The rows of the indexes from <paramref name="first"/>; one batch is in memory at a time.</summary>
    public IEnumerable<ShardRow> Rows(int first, int count)
    {
        for (var from = first; from < first + count; from += Batch)
        {
            foreach (var row in Make(from, Math.Min(Batch, first + count - from)))
                yield return row;
        }
    }

    private ShardRow[] Make(int first, int count)
    {
        var blueprints = new Blueprint[count];
        _stage("sample", () => Each(count, i => blueprints[i] = Done(_setup.Blueprints.Make(first + i, CancellationToken.None))));
        _stage(
            "compose",
            () =>
                Each(
                    count,
                    i =>
                        _model.Prepare(
                            _setup.OpeningOf(first + i, 0, ModelRole.Human, blueprints[i]),
                            _setup.OpeningOf(first + i, 0, ModelRole.Agent, blueprints[i])
                        )
                )
        );
        var sessions = new DialogueSession[count];
        _stage(
            "play",
            () => Each(count, i => sessions[i] = Done(DialogueRunner.Play(_opened, first + i, 0, blueprints[i], CancellationToken.None)))
        );
        var conversations = Array.ConvertAll(sessions, s => s.Finish());
        var trajectories = new Trajectory[count];
        _stage(
            "verify",
            () => Each(count, i => trajectories[i] = DialogueRunner.TrajectoryOf(_setup, first + i, 0, blueprints[i], conversations[i]))
        );
        var rows = new ShardRow[count];
        _stage(
            "row",
            () =>
                Each(
                    count,
                    i =>
                        rows[i] = ResultRows.RowOf(
                            _setup.Spec,
                            new()
                            {
                                Index = first + i,
                                Attempt = 0,
                                Epoch = 0,
                                Trajectory = trajectories[i],
                                PlantedFault = sessions[i].PlantedFault,
                            }
                        )
                )
        );
        _stage(
            "row check",
            () =>
                Each(
                    count,
                    i =>
                    {
                        if (rows[i].Problem() is { } problem)
                            throw new InvalidOperationException(problem);
                    }
                )
        );
        _model.Forget();
        return rows;
    }

    private static void Each(int count, Action<int> work)
    {
        for (var i = 0; i < count; i++)
            work(i);
    }

    // The rehearsal model completes synchronously, so nothing here ever waits.
#pragma warning disable VSTHRD002 // Completed tasks only.
    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("a stage waited");
#pragma warning restore VSTHRD002

    /// <summary>Opens dialogues in advance, so that composing their scripts does not count as playing.</summary>
    private sealed class OpenedModel(IChatModel inner) : IChatModel
    {
        private readonly Dictionary<(long Index, ModelRole Role), object?> _sessions = [];

        public string Name => inner.Name;

        public void Prepare(params ReadOnlySpan<DialogueOpening> openings)
        {
            foreach (var opening in openings)
                _sessions[(opening.Dialogue.Index, opening.Role)] = inner.Open(opening);
        }

        public void Forget() => _sessions.Clear();

        public object? Open(DialogueOpening opening) => _sessions[(opening.Dialogue.Index, opening.Role)];

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            inner.Respond(request, cancellationToken);
    }
}
