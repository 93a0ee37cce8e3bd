using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Plans the goals of a task one after another: resolves each against the real state, executes its reads and writes, and collects
/// requests, facts, outputs and refusals.
/// </summary>
internal sealed class GoalPlanner
{
    private readonly Pack _pack;
    private readonly Binding _binding;
    private readonly SeededRandom _random;
    private readonly DialogueEnvironment _environment;
    private readonly ReadPlanner _planner;
    private readonly Wording _wording;
    private readonly WriteDetails _details;
    private readonly GoalReads _reads;
    private readonly GoalWords _words;

    public GoalPlanner(Pack pack, Binding binding, SeededRandom random, DialogueEnvironment environment, ReadPlanner planner)
    {
        _pack = pack;
        _binding = binding;
        _random = random;
        _environment = environment;
        _planner = planner;
        var inner = binding
            .Slots.Values.Where(r => r.Parent is not null)
            .SelectMany(r => r.Entity.ToldBy.Select(f => r[f]))
            .Where(v => v.Kind == JsonKind.Text)
            .ToHashSet();
        var describer = new Describer(pack, pack.View(binding.Patch), binding.Owner, random, inner);
        var task = new TaskWords(pack, binding, describer.Describe);
        _wording = new(pack, random, task);
        _details = new(pack, binding, task);
        _reads = new(pack, binding, environment, planner, task);
        _words = new(pack, binding, environment, _wording);
    }

    /// <summary>The task as far as it is planned.</summary>
    public PlannedTask Task { get; } = new();

    /// <summary>Why a goal could not be planned; null after success.</summary>
    public string? Failure { get; private set; }

    /// <summary>Plans one goal of the intent; false if it cannot be, with <see cref="Failure"/> set.</summary>
    public bool Add(GoalSpec goal) => Resolve(goal, new(_planner.Actions.Count));

    private bool Resolve(GoalSpec goal, GoalDraft draft)
    {
        var touched = new List<EntityRow>();
        var scope = _binding.Scope(_pack, _environment.Db, touched);
        switch (goal)
        {
            case IfGoal branch:
                var holds = branch.Condition.Holds(scope);
                var question = _wording.Question(branch.Say, _words.Slots(branch.Condition));
                foreach (var fact in question?.Facts ?? [])
                    _planner.Told(fact.Value);
                if (!touched.TrueForAll(_planner.Reveal))
                    return Say("the rows of a condition cannot be read");
                var (taken, other) = holds ? (branch.Then, branch.Else) : (branch.Else, branch.Then);
                if (
                    question is null
                    || _words.Of(other, Task.Requests.Count) is not { } otherWords
                    || _words.Of(taken, Task.Requests.Count) is not { } takenWords
                )
                    return Say("a branch cannot be put into words");
                Task.Branches++;
                draft.Facts.AddRange(question.Facts);
                draft.Facts.AddRange(otherWords.Facts);
                var when = $"if {question.Words}";
                draft.Alternatives.Add(
                    holds ? Branch(when, takenWords, taken, isTaken: true) : Branch(when, otherWords, other, isTaken: false)
                );
                draft.Alternatives.Add(
                    holds ? Branch("otherwise", otherWords, other, isTaken: false) : Branch("otherwise", takenWords, taken, isTaken: true)
                );
                NoteWrong(other);
                return Resolve(taken, draft);
            case DoGoal write:
                return Resolve(write, draft);
            case TellGoal tell:
                return Tell(tell, draft);
            default:
                return false;
        }
    }

    private bool Resolve(DoGoal goal, GoalDraft draft)
    {
        var arguments = _binding.Arguments(goal, _binding.Scope(_pack, _environment.Db));
        if (_wording.Ask(goal, arguments, Task.Requests.Count) is not { } ask)
            return Say("a row cannot be told apart in words");
        draft.Facts.AddRange(ask.Facts);
        foreach (var fact in draft.Facts)
            _planner.Told(fact.Value);
        if (!_reads.RevealFor(goal, arguments))
            return Say("the rows of a write cannot be read");
        var broken = _pack.Guards.Broken(_environment.Db, goal.Tool, arguments);
        if (broken.Count == 0)
        {
            if (goal.Else is not null)
            {
                if (_words.Of(goal.Else, Task.Requests.Count) is not { } fallback)
                    return Say("a branch cannot be put into words");
                Task.Branches++;
                draft.Facts.AddRange(fallback.Facts);
                draft.Alternatives.Add(Branch("if that is possible", ask, goal, isTaken: true));
                draft.Alternatives.Add(Branch("otherwise", fallback, goal.Else, isTaken: false));
                NoteWrong(goal.Else);
            }

            return Write(goal, arguments, ask, draft);
        }

        if (broken.Count > 1)
            return Say("more than one guard is broken");
        Task.ClausesBroken.Add(broken[0].Clause);
        Task.WrongWrites.Add(new(goal.Tool.Name, arguments));
        IReadOnlyList<string> reasons = _pack.Domain.Because.TryGetValue(broken[0].Clause, out var said)
            ? said
            : [$"of our rule: {_pack.Policy.Clause(broken[0].Clause)!.Text}"];
        draft.Because.AddRange(reasons);
        if (goal.Else is null)
            return Refuse(goal, arguments, broken[0], reasons, ask, draft);
        Task.Branches++;
        if (draft.Alternatives.Count == 0)
            draft.Alternatives.Add(Branch("if that is possible", ask, goal, isTaken: false));
        draft.Refuse(_random.Pick(reasons));
        if (_words.Of(goal.Else, Task.Requests.Count) is not { } instead)
            return Say("a branch cannot be put into words");
        draft.Alternatives.Add(Branch("otherwise", instead, goal.Else, isTaken: true));
        return Resolve(goal.Else, draft);
    }

    private bool Write(DoGoal goal, JsonMap arguments, Description ask, GoalDraft draft)
    {
        if (!goal.With.All(w => _reads.IsGiven(w.Value, arguments[w.Parameter.Name], draft.Facts)))
            return Say("an argument is neither told nor read");
        if (!_reads.RevealTold(goal, arguments))
            return Say("what the agent must state cannot be read");
        var scope = _binding.Scope(_pack, _environment.Db);
        var amounts = goal.Quotes.Select(q => (q.Label, q.Amount, Value: q.Amount.Evaluate(scope))).ToArray();
        if (amounts.Any(a => a.Value.Number is null))
            return Say("an amount has no value");
        if (
            !amounts.Select(a => a.Amount).Concat(goal.With.SelectMany(w => GoalReads.Computed(w.Value))).All(f => _reads.WorkOut(f, scope))
        )
            return Say("an amount cannot be worked out");
        var details = _details
            .Details(goal, arguments, _environment.Db)
            .Concat(amounts.Select(a => WriteDetails.Stated(a.Label, a.Value)))
            .ToArray();
        if (!_planner.Call(goal.Tool, arguments))
            return Say($"{goal.Tool.Name} fails although its guards hold");
        foreach (var guard in goal.Tool.Guards)
            Task.ClausesHeld.Add(guard.Clause);
        Finish(RequestKind.Do, goal, ask, draft, draft.Because)
            .Confirm(details)
            .Done(_details.Reports(goal, arguments, _environment.Db))
            .Into(Task.Requests);
        return true;
    }

    private bool Refuse(DoGoal goal, JsonMap arguments, GuardSpec guard, IReadOnlyList<string> reasons, Description ask, GoalDraft draft)
    {
        if (draft.Alternatives.Count > 0)
            draft.Refuse(reasons[0]);
        Task.Refusals.Add(new(goal.Tool.Name, arguments, guard.Clause, reasons[0], _planner.Actions.Count - 1));
        Finish(RequestKind.Refuse, goal, ask, draft, reasons).Refusal(Task.Refusals.Count - 1).Into(Task.Requests);
        return true;
    }

    private bool Tell(TellGoal goal, GoalDraft draft)
    {
        var touched = new List<EntityRow>();
        var value = goal.Answer.Evaluate(_binding.Scope(_pack, _environment.Db, touched));
        if (value.IsNull)
            return Say("a question has no answer");
        if (_wording.Question(goal.Say, _words.Slots(goal.Answer)) is not { } question)
            return Say("a question cannot be put into words");
        draft.Facts.AddRange(question.Facts);
        foreach (var fact in draft.Facts)
            _planner.Told(fact.Value);
        if (touched.Count == 0 || !touched.DistinctBy(r => r.Identity).All(_planner.Reveal))
            return Say("the rows of a question cannot be read");
        if (goal.Answer.Computes)
            Task.Computed++;
        var said = FieldValues.Say(goal.Type, value);
        Task.Outputs.Add(new(goal.Say, goal.Type, value, [value], _planner.Actions.Count - 1, question.Words));
        if (goal.Answer.Computes && !_reads.WorkOut(goal.Answer, _binding.Scope(_pack, _environment.Db)))
            return Say("an answer cannot be worked out");
        Finish(RequestKind.Tell, null, question, draft, draft.Because)
            .Output(Task.Outputs.Count - 1)
            .Done(AnswerWords.For(question.Words, goal.Type, said))
            .Into(Task.Requests);
        return true;
    }

    private RequestDraft Finish(RequestKind kind, DoGoal? goal, Description ask, GoalDraft draft, IReadOnlyList<string> because)
    {
        // Identity facts have their own disclosure, even if the request mentions them too.
        var own = $"{_pack.Domain.Who}.";
        var distinct = draft
            .Facts.Where(f => !f.Slot.StartsWith(own, StringComparison.Ordinal))
            .DistinctBy(f => f.Slot, StringComparer.Ordinal)
            .ToArray();
        // People often state only part of it first; the agent must ask for the facts that they withhold.
        var withheld = draft.Alternatives.Count == 0 && kind != RequestKind.Tell && _random.Chance(0.35);
        Task.Facts.AddRange(distinct.Select(f => withheld ? f with { Disclosure = Disclosure.WhenAsked } : f));
        return new(
            new()
            {
                Kind = kind,
                Tool = goal?.Tool.Name,
                Words = ask.Words,
                Offer = goal is null ? null : _words.Offer(goal, Task.Requests.Count),
                Brief = goal is null ? ask.Words : _wording.Brief(goal),
                Slots = [.. distinct.Select(f => f.Slot)],
                Alternatives = [.. draft.Alternatives],
                Because = [.. because],
                FirstAction = draft.First,
                ActionCount = _planner.Actions.Count - draft.First,
            }
        );
    }

    private Alternative Branch(string when, Description words, GoalSpec goal, bool isTaken) =>
        new(when, words.Words, isTaken) { Offer = goal is DoGoal write ? _words.Offer(write, Task.Requests.Count) : null };

    private void NoteWrong(GoalSpec goal)
    {
        if (goal is DoGoal write)
            Task.WrongWrites.Add(new(write.Tool.Name, _binding.Arguments(write, _binding.Scope(_pack, _environment.Db))));
    }

    private bool Say(string failure)
    {
        Failure = failure;
        return false;
    }
}
