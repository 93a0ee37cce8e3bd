using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Turns a binding into a blueprint: resolves each goal against the real state, plans and executes reads and writes, collects end
/// states, outputs and refusals, and writes the scenario. Truth first, words last.
/// </summary>
internal sealed class BlueprintComposer
{
    // Choices among many equal rows multiply; a row holds all its accepted end states.
    private const int MaxEndStates = 64;

    private readonly Pack _pack;
    private readonly Binding _binding;
    private readonly SeededRandom _random;
    private readonly DialogueEnvironment _environment;
    private readonly ReadPlanner _planner;
    private readonly Wording _wording;
    private readonly List<Fact> _facts = [];
    private readonly List<Request> _requests = [];
    private readonly List<ExpectedOutput> _outputs = [];
    private readonly List<ExpectedRefusal> _refusals = [];
    private readonly List<PlannedWrite> _wrong = [];
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _brokenClauses = new(StringComparer.Ordinal);
    private int _branches;
    private int _computed;

    public BlueprintComposer(Pack pack, Binding binding, SeededRandom random, IReadOnlySet<string> offered)
    {
        _pack = pack;
        _binding = binding;
        _random = random;
        _environment = new(pack, binding.Patch);
        _planner = new(pack, _environment, offered);
        var inner = binding
            .Slots.Values.Where(r => r.Parent is not null)
            .SelectMany(r => r.Entity.ToldBy.Select(f => r[f]))
            .Where(v => v.Kind == JsonKind.Text)
            .ToHashSet();
        var describer = new Describer(pack, pack.View(binding.Patch), binding.Owner, random, inner);
        _wording = new(pack, binding, random, describer.Describe);
    }

    /// <summary>Writes that a wrong branch or a broken guard would have made.</summary>
    public IReadOnlyList<PlannedWrite> WrongWrites => _wrong;

    /// <summary>Why no blueprint was made, for the report; null after success.</summary>
    public string? Failure { get; private set; }

    public Blueprint? Compose(string id, long index, Seed seed, string familyId)
    {
        if (!Identify())
            return Fail("identity cannot be proved by what the human knows");
        foreach (var goal in _binding.Cell.Intent.Goals.OrderBy(g => g is TellGoal { AtEnd: true }))
        {
            if (!Add(goal))
                return Fail(Failure ?? "a goal could not be planned");
        }

        if (_pack.Rules.FirstOrDefault(r => r.Rule == "judge" && LacksEarlier(r)) is { } lacking)
            return Fail($"what clause {lacking.Clause} wants done first is not done");
        if (_pack.Rules.FirstOrDefault(LacksReason) is { } unreasoned)
            return Fail($"the human gives no reason such as clause {unreasoned.Clause} wants");
        var diff = _pack.Canon.Canonical(_environment.Diff());
        var writes = _planner.Actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments)).ToImmutableArray();
        var states = new List<EndState> { new("gold", diff, writes) };
        states.AddRange(Ties(writes).Where(t => !t.Diff.Equals(diff)));
        var intent = _binding.Cell.Intent;
        var scenario = new Scenario
        {
            Reason = intent.Reasons.Count > 0 ? _random.Pick(intent.Reasons) : "",
            Facts = [.. _facts.DistinctBy(f => f.Slot, StringComparer.Ordinal)],
            Unknowns = [.. Unknowns()],
            Requests = [.. _requests],
            StopWhen =
                _requests.Count > 1
                    ? "everything that you asked for has been done, answered or refused"
                    : "what you asked for has been done, answered or refused",
        };
        var persona = _random.Pick(_pack.Personas);
        return new()
        {
            Id = id,
            Domain = _pack.Name,
            PackHash = _pack.Hash,
            Index = index,
            Seed = seed.ToString(),
            Intent = intent.Id,
            Shape = _binding.Cell.Shape,
            Slice = _refusals.Count > 0 ? "out-of-policy" : "base",
            FamilyId = familyId,
            Depth = _planner.Actions.Count(a => !a.Writes) + _branches + _computed + _held.Count + _brokenClauses.Count,
            Persona = persona,
            Patch = _binding.Patch,
            Scenario = scenario,
            Instruction = InstructionWriter.Write(scenario, persona, seed.For("instruction")),
            Actions = [.. _planner.Actions],
            AcceptedEndStates = [.. states],
            Outputs = [.. _outputs],
            Refusals = [.. _refusals],
            AvailableTools = _pack.ToolNames,
            ClausesHeld = [.. _held.Order(StringComparer.Ordinal)],
            ClausesBroken = [.. _brokenClauses.Order(StringComparer.Ordinal)],
            BenchmarkAdjacent = [.. _pack.Domain.BenchmarkAdjacent],
        };
    }

    // A clause that is left to a judge may still require an earlier call. A plan in which that call was refused is no solution.
    private bool LacksEarlier(RuleSpec rule)
    {
        var after = rule.Options["clear"]["after"].Items;
        if (
            after.Count == 0
            || rule.Options["clear"] is not JsonMap { Count: 1 }
            || !_requests.Exists(q =>
                rule.Options["when"].Items.All(w => q.Words.Contains(w.Text ?? "", StringComparison.OrdinalIgnoreCase))
            )
        )
            return false;
        var applies = rule.Options["applies"];
        var at = _planner.Actions.FindIndex(a => applies.Text == a.Tool || applies.Items.Any(t => t.Text == a.Tool));
        return at >= 0 && !_planner.Actions.Take(at).Any(a => after.Any(t => t.Text == a.Tool));
    }

    // A clause may require a reason from the human if a condition on the row holds. If a patch created that condition, the plan has no
    // reason.
    private bool LacksReason(RuleSpec rule)
    {
        if (rule.Options["where"].Text is not { } where || rule.Options["clear"]["human"].Items is not { Count: > 0 } cues)
            return false;
        if (_requests.Exists(q => cues.Any(c => q.Words.Contains(c.Text ?? "", StringComparison.OrdinalIgnoreCase))))
            return false;
        var (condition, db, applies) = (new RowCondition(_pack, where), _pack.View(_binding.Patch), rule.Options["applies"]);
        foreach (var action in _planner.Actions)
        {
            if (applies.Text != action.Tool && !applies.Items.Any(t => t.Text == action.Tool))
                continue;
            foreach (var parameter in _pack.Tools.Find(action.Tool)!.Parameters)
            {
                if (
                    parameter.Is is not null
                    && _pack.Domain.Find(parameter.Is) is { Entity: { Parent: null } entity } named
                    && named.Field.Path == entity.Key
                    && entity.Name != _pack.Domain.Who
                    && _pack.Rows.Find(db, entity, action.Arguments[parameter.Name]) is { } row
                    && condition.Holds(db, row)
                )
                    return true;
            }
        }

        return false;
    }

    private Blueprint? Fail(string reason)
    {
        Failure = reason;
        return null;
    }

    private bool Identify()
    {
        var who = _binding.Owner;
        var ways = _pack.Domain.Identity.Where(w => w.Proves.All(f => !who[f].IsNull && who[f].Text != "")).ToArray();
        if (ways.Length == 0)
            return false;
        var way = _random.Pick(ways);
        var tool = _pack.Tools.Find(way.Tool)!;
        var volunteer = _random.Chance(0.3);
        foreach (var field in way.Proves)
        {
            var spec = who.Entity.Field(field)!;
            _facts.Add(
                new(
                    $"{who.Entity.Name}.{field}",
                    who[field],
                    spec.Type,
                    spec.Label,
                    FieldValues.Say(spec.Type, who[field]),
                    volunteer ? Disclosure.Volunteer : Disclosure.WhenAsked
                )
            );
            _planner.Told(who[field]);
        }

        var arguments = tool
            .Parameters.Where(p => p.Is is not null && way.Proves.Any(f => $"{who.Entity.Name}.{f}" == p.Is))
            .Select(p => KeyValuePair.Create(p.Name, who[p.Is![(p.Is!.IndexOf('.', StringComparison.Ordinal) + 1)..]]));
        return _planner.Call(tool, JsonMap.Create(arguments));
    }

    private IEnumerable<string> Unknowns()
    {
        var told = _facts.Select(f => f.Slot).ToHashSet(StringComparer.Ordinal);
        var ofOthers = _pack
            .Domain.Identity.SelectMany(w => w.Proves)
            .Where(f => !told.Contains($"{_binding.Owner.Entity.Name}.{f}"))
            .Select(f => _binding.Owner.Entity.Field(f)!.Label);
        var keys = _binding
            .Slots.Where(s => s.Value.Entity.Field(s.Value.Entity.Key) is { Human: Knowledge.No })
            .Select(s => $"{s.Value.Entity.Label} number");
        return (_random.Chance(0.5) ? ofOthers : []).Concat(keys).Distinct(StringComparer.Ordinal);
    }

    private bool Add(GoalSpec goal)
    {
        var first = _planner.Actions.Count;
        var alternatives = new List<Alternative>();
        return Resolve(goal, first, alternatives, [], []);
    }

    private bool Resolve(GoalSpec goal, int first, List<Alternative> alternatives, List<Fact> facts, List<string> because)
    {
        var touched = new List<EntityRow>();
        var scope = _binding.Scope(_pack, _environment.Db, touched);
        switch (goal)
        {
            case IfGoal branch:
                var holds = branch.Condition.Holds(scope);
                var question = _wording.Question(branch.Say, Slots(branch.Condition));
                foreach (var fact in question?.Facts ?? [])
                    _planner.Told(fact.Value);
                if (!touched.TrueForAll(_planner.Reveal))
                    return Say("the rows of a condition cannot be read");
                var (taken, other) = holds ? (branch.Then, branch.Else) : (branch.Else, branch.Then);
                if (question is null || WordsOf(other) is not { } otherWords || WordsOf(taken) is not { } takenWords)
                    return Say("a branch cannot be put into words");
                _branches++;
                facts.AddRange(question.Facts);
                facts.AddRange(otherWords.Facts);
                var when = $"if {question.Words}";
                alternatives.Add(holds ? Branch(when, takenWords, taken, isTaken: true) : Branch(when, otherWords, other, isTaken: false));
                alternatives.Add(
                    holds ? Branch("otherwise", otherWords, other, isTaken: false) : Branch("otherwise", takenWords, taken, isTaken: true)
                );
                NoteWrong(other);
                return Resolve(taken, first, alternatives, facts, because);
            case DoGoal write:
                return Resolve(write, first, alternatives, facts, because);
            case TellGoal tell:
                return Tell(tell, first, alternatives, facts, because);
            default:
                return false;
        }
    }

    private bool Resolve(DoGoal goal, int first, List<Alternative> alternatives, List<Fact> facts, List<string> because)
    {
        var arguments = _binding.Arguments(goal, _binding.Scope(_pack, _environment.Db));
        if (_wording.Ask(goal, arguments, _requests.Count) is not { } ask)
            return Say("a row cannot be told apart in words");
        facts.AddRange(ask.Facts);
        foreach (var fact in facts)
            _planner.Told(fact.Value);
        if (!RevealFor(goal, arguments))
            return Say("the rows of a write cannot be read");
        var broken = _pack.Guards.Broken(_environment.Db, goal.Tool, arguments);
        if (broken.Count == 0)
        {
            if (goal.Else is not null)
            {
                if (WordsOf(goal.Else) is not { } fallback)
                    return Say("a branch cannot be put into words");
                _branches++;
                facts.AddRange(fallback.Facts);
                alternatives.Add(Branch("if that is possible", ask, goal, isTaken: true));
                alternatives.Add(Branch("otherwise", fallback, goal.Else, isTaken: false));
                NoteWrong(goal.Else);
            }

            return Write(goal, arguments, ask, first, alternatives, facts, because);
        }

        if (broken.Count > 1)
            return Say("more than one guard is broken");
        _brokenClauses.Add(broken[0].Clause);
        _wrong.Add(new(goal.Tool.Name, arguments));
        IReadOnlyList<string> reasons = _pack.Domain.Because.TryGetValue(broken[0].Clause, out var said)
            ? said
            : [$"of our rule: {_pack.Policy.Clause(broken[0].Clause)!.Text}"];
        because.AddRange(reasons);
        if (goal.Else is null)
            return Refuse(goal, arguments, broken[0], reasons, ask, first, alternatives, facts);
        _branches++;
        if (alternatives.Count == 0)
            alternatives.Add(Branch("if that is possible", ask, goal, isTaken: false));
        Refused(alternatives, _random.Pick(reasons));
        if (WordsOf(goal.Else) is not { } instead)
            return Say("a branch cannot be put into words");
        alternatives.Add(Branch("otherwise", instead, goal.Else, isTaken: true));
        return Resolve(goal.Else, first, alternatives, facts, because);
    }

    private bool Write(
        DoGoal goal,
        JsonMap arguments,
        Description ask,
        int first,
        List<Alternative> alternatives,
        List<Fact> facts,
        List<string> because
    )
    {
        if (!goal.With.All(w => IsGiven(w.Value, arguments[w.Parameter.Name], facts)))
            return Say("an argument is neither told nor read");
        if (!RevealTold(goal, arguments))
            return Say("what the agent must state cannot be read");
        var scope = _binding.Scope(_pack, _environment.Db);
        var amounts = goal.Quotes.Select(q => (q.Label, q.Amount, Value: q.Amount.Evaluate(scope))).ToArray();
        if (amounts.Any(a => a.Value.Number is null))
            return Say("an amount has no value");
        if (!amounts.Select(a => a.Amount).Concat(goal.With.SelectMany(w => Computed(w.Value))).All(f => WorkOut(f, scope)))
            return Say("an amount cannot be worked out");
        var details = _wording.Details(goal, arguments, _environment.Db).Concat(amounts.Select(a => Stated(a.Label, a.Value))).ToArray();
        if (!_planner.Call(goal.Tool, arguments))
            return Say($"{goal.Tool.Name} fails although its guards hold");
        foreach (var guard in goal.Tool.Guards)
            _held.Add(guard.Clause);
        Finish(RequestKind.Do, goal, ask, first, alternatives, facts, because)
            .Confirm(details)
            .Done(_wording.Reports(goal, arguments, _environment.Db))
            .Into(_requests);
        return true;
    }

    // People are told that they get money back, not that they pay a negative amount.
    private static string Stated(string label, Json amount) =>
        amount.Number < 0
            ? $"{label}: {FieldValues.Say("money", -amount.Number.Value)} back to you"
            : $"{label}: {FieldValues.Say("money", amount)}";

    private bool Refuse(
        DoGoal goal,
        JsonMap arguments,
        GuardSpec guard,
        IReadOnlyList<string> reasons,
        Description ask,
        int first,
        List<Alternative> alternatives,
        List<Fact> facts
    )
    {
        if (alternatives.Count > 0)
            Refused(alternatives, reasons[0]);
        _refusals.Add(new(goal.Tool.Name, arguments, guard.Clause, reasons[0], _planner.Actions.Count - 1));
        Finish(RequestKind.Refuse, goal, ask, first, alternatives, facts, reasons).Refusal(_refusals.Count - 1).Into(_requests);
        return true;
    }

    private bool Tell(TellGoal goal, int first, List<Alternative> alternatives, List<Fact> facts, List<string> because)
    {
        var touched = new List<EntityRow>();
        var value = goal.Answer.Evaluate(_binding.Scope(_pack, _environment.Db, touched));
        if (value.IsNull)
            return Say("a question has no answer");
        if (_wording.Question(goal.Say, Slots(goal.Answer)) is not { } question)
            return Say("a question cannot be put into words");
        facts.AddRange(question.Facts);
        foreach (var fact in facts)
            _planner.Told(fact.Value);
        if (touched.Count == 0 || !touched.DistinctBy(r => r.Identity).All(_planner.Reveal))
            return Say("the rows of a question cannot be read");
        if (goal.Answer.Computes)
            _computed++;
        var said = FieldValues.Say(goal.Type, value);
        _outputs.Add(new(goal.Say, goal.Type, value, [value], _planner.Actions.Count - 1, question.Words));
        if (goal.Answer.Computes && !WorkOut(goal.Answer, _binding.Scope(_pack, _environment.Db)))
            return Say("an answer cannot be worked out");
        Finish(RequestKind.Tell, null, question, first, alternatives, facts, because)
            .Output(_outputs.Count - 1)
            .Done(AnswerWords.For(question.Words, goal.Type, said))
            .Into(_requests);
        return true;
    }

    private RequestDraft Finish(
        RequestKind kind,
        DoGoal? goal,
        Description ask,
        int first,
        List<Alternative> alternatives,
        IReadOnlyList<Fact> facts,
        IReadOnlyList<string> because
    )
    {
        // Identity facts have their own disclosure, even if the request mentions them too.
        var own = $"{_pack.Domain.Who}.";
        var distinct = facts
            .Where(f => !f.Slot.StartsWith(own, StringComparison.Ordinal))
            .DistinctBy(f => f.Slot, StringComparer.Ordinal)
            .ToArray();
        // People often state only part of it first; the agent must ask for the facts that they withhold.
        var withheld = alternatives.Count == 0 && kind != RequestKind.Tell && _random.Chance(0.35);
        _facts.AddRange(distinct.Select(f => withheld ? f with { Disclosure = Disclosure.WhenAsked } : f));
        return new(
            new()
            {
                Kind = kind,
                Tool = goal?.Tool.Name,
                Words = ask.Words,
                Offer = goal is null ? null : OfferOf(goal),
                Brief = goal is null ? ask.Words : _wording.Brief(goal),
                Slots = [.. distinct.Select(f => f.Slot)],
                Alternatives = [.. alternatives],
                Because = [.. because],
                FirstAction = first,
                ActionCount = _planner.Actions.Count - first,
            }
        );
    }

    // Before the write, the agent must have seen the rows that the guards read and every row that the call names.
    private bool RevealFor(DoGoal goal, JsonMap arguments)
    {
        foreach (var (_, value) in goal.With)
        {
            foreach (var slot in SlotNames(value))
            {
                if (!_planner.Reveal(_binding.Slots[slot]))
                    return false;
            }
        }

        foreach (
            var name in goal
                .Tool.Guards.SelectMany(g => g.Parameters)
                .Where(p => p.Input == GuardInput.Row)
                .Select(p => p.Name)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (_pack.Guards.RowFor(_environment.Db, goal.Tool, arguments, _pack.Domain.Entity(name)) is { } row && !_planner.Reveal(row))
                return false;
        }

        // To make a choice, the agent must have seen all candidates.
        foreach (var slot in _binding.Cell.Intent.Slots.Where(s => s.Pick is not null))
        {
            var scope = _binding.Scope(_pack, _environment.Db);
            if (
                !scope
                    .Rows(slot.Entity!, slot.Of, slot.Where)
                    .Where(r => slot.Where is null || slot.Where.Holds(scope.For(r)))
                    .ToArray()
                    .All(_planner.Reveal)
            )
                return false;
        }

        return true;
    }

    // The agent must have seen what it states before the confirmation: the price of a title that the call does not name.
    private bool RevealTold(DoGoal goal, JsonMap arguments)
    {
        foreach (var told in _pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Tell ?? [])
        {
            var dot = told.IndexOf('.', StringComparison.Ordinal);
            if (
                dot < 0
                || told[..dot] == _pack.Domain.Who
                || !_pack.Domain.Entities.TryGetValue(told[..dot], out var entity)
                || entity.Parent is not null
            )
                continue;
            if (_pack.Guards.RowFor(_environment.Db, goal.Tool, arguments, entity) is { } row && !_planner.Reveal(row))
                return false;
        }

        return true;
    }

    private IEnumerable<EndState> Ties(ImmutableArray<PlannedWrite> writes)
    {
        // Tied rows of several choices may be taken together.
        var ways = new List<(string Name, ImmutableArray<PlannedWrite> Writes)> { ("", writes) };
        foreach (var (slot, rows) in _binding.Ties)
        {
            var chosen = _binding.Slots[slot].Key;
            ways.AddRange(
                ways.ToArray()
                    .SelectMany(way =>
                        rows.Select(row =>
                            (
                                $"{way.Name}{(way.Name.Length == 0 ? "tie:" : "+")}{row.Key.Text}",
                                way.Writes.Select(w => w with { Arguments = Swapped(w.Arguments, chosen, row.Key) }).ToImmutableArray()
                            )
                        )
                    )
                    .Take(MaxEndStates - ways.Count)
            );
        }

        foreach (var (name, other) in ways.Skip(1))
        {
            var environment = new DialogueEnvironment(_pack, _binding.Patch);
            if (other.All(w => !environment.Call(_pack.Tools.Find(w.Tool)!, w.Arguments).IsError))
                yield return new(name, _pack.Canon.Canonical(environment.Diff()), other);
        }
    }

    private static Json Swapped(Json value, Json from, Json to) =>
        value switch
        {
            _ when value == from => to,
            JsonList list => Json.List(list.Items.Select(i => Swapped(i, from, to))),
            JsonMap map => JsonMap.Create(map.Keys.Select((k, i) => KeyValuePair.Create(k, Swapped(map.Values[i], from, to)))),
            _ => value,
        };

    private Description? WordsOf(GoalSpec goal) =>
        goal switch
        {
            DoGoal write => _wording.Ask(write, _binding.Arguments(write, _binding.Scope(_pack, _environment.Db)), _requests.Count),
            TellGoal tell => _wording.Question(tell.Say, Slots(tell.Answer)) is { } question
                ? question with
                {
                    Words = $"know {question.Words}",
                }
                : null,
            IfGoal branch => WordsOf(branch.Then),
            _ => null,
        };

    // Marks the branch that was taken and is refused; for a first choice, no branch is taken yet.
    private static void Refused(List<Alternative> alternatives, string reason)
    {
        var at = alternatives.FindLastIndex(a => a.Taken);
        if (at < 0)
            at = alternatives.Count - 1;
        alternatives[at] = alternatives[at] with { Because = reason };
    }

    private Alternative Branch(string when, Description words, GoalSpec goal, bool isTaken) =>
        new(when, words.Words, isTaken) { Offer = goal is DoGoal write ? OfferOf(write) : null };

    private string? OfferOf(DoGoal goal) =>
        _wording.Offer(goal, _binding.Arguments(goal, _binding.Scope(_pack, _environment.Db)), _requests.Count);

    private void NoteWrong(GoalSpec goal)
    {
        if (goal is DoGoal write)
            _wrong.Add(new(write.Tool.Name, _binding.Arguments(write, _binding.Scope(_pack, _environment.Db))));
    }

    // A value that the agent computes need not be stated or read; its operands must.
    private bool IsGiven(ArgumentSpec spec, Json value, List<Fact> facts) =>
        spec switch
        {
            ValueOf { Formula.Computes: true } => true,
            RecordOf record => record.Parts.All(p => IsGiven(p.Value, value[p.Name], facts)),
            ListOf list when value is JsonList items && items.Items.Count == list.Items.Count => list
                .Items.Select((s, i) => IsGiven(s, items.Items[i], facts))
                .All(given => given),
            _ => _planner.Knows(value) || facts.Exists(f => f.Value == value),
        };

    private static IEnumerable<Formula> Computed(ArgumentSpec spec) =>
        spec switch
        {
            ValueOf { Formula: Operation { Computes: true } formula } => [formula],
            RecordOf record => record.Parts.SelectMany(p => Computed(p.Value)),
            ListOf list => list.Items.SelectMany(Computed),
            _ => [],
        };

    // An amount is computed with the pack's calculator, if it has one, and only once.
    private bool WorkOut(Formula formula, FormulaScope scope)
    {
        if (
            _pack.Tools.Calculator is not { } calculator
            || formula.Working(scope) is not { } working
            || !working.Contains(' ', StringComparison.Ordinal)
        )
            return true;
        if (working.LastIndexOf('(') == 0 && working.IndexOf(')', StringComparison.Ordinal) == working.Length - 1)
            working = working[1..^1];
        var arguments = (JsonMap)Json.Map((calculator.Parameters[0].Name, working));
        return _planner.Actions.Exists(a => a.Tool == calculator.Name && a.Arguments == arguments) || _planner.Call(calculator, arguments);
    }

    private IEnumerable<string> Slots(Formula formula) =>
        FormulaNames.Of(formula).Where(_binding.Slots.ContainsKey).Distinct(StringComparer.Ordinal);

    private IEnumerable<string> SlotNames(ArgumentSpec value) =>
        value switch
        {
            ValueOf of => Slots(of.Formula),
            ListOf list => list.Items.SelectMany(SlotNames),
            RecordOf record => record.Parts.SelectMany(p => SlotNames(p.Value)),
            _ => [],
        };

    private bool Say(string failure)
    {
        Failure = failure;
        return false;
    }
}
