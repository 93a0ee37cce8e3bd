using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>Tracks which facts prove the human's identity, which belong to which request, and which were said.</summary>
internal sealed class Disclosing
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly bool[] _said;
    private readonly int[] _request;

    private const int Identity = -1;
    private const int Nowhere = -2;

    public Disclosing(Pack pack, Blueprint blueprint)
    {
        _pack = pack;
        _blueprint = blueprint;
        var facts = blueprint.Scenario.Facts;
        _said = new bool[facts.Length];
        _request = new int[facts.Length];
        for (var f = 0; f < facts.Length; f++)
            _request[f] = Place(facts[f]);
    }

    /// <summary>Whether the tool proves the human's identity.</summary>
    public bool IsIdentityTool(string tool) => _pack.Domain.Identity.Any(p => p.Tool == tool);

    /// <summary>Whether the human makes the request with all its facts at once.</summary>
    public bool TellsAllOf(int request)
    {
        for (var f = 0; f < _said.Length; f++)
        {
            if (
                _request[f] == request
                && IsInWords(f, request)
                && _blueprint.Scenario.Facts[f].Disclosure == Disclosure.WhenAsked
                && !_said[f]
            )
                return false;
        }

        return true;
    }

    /// <summary>The facts that the human says with the first request and that no request's words contain. Marks them as said.</summary>
    public List<Fact> Volunteered(bool isIdentity)
    {
        var volunteered = new List<Fact>();
        for (var f = 0; f < _said.Length; f++)
        {
            var fact = _blueprint.Scenario.Facts[f];
            if (fact.Disclosure != Disclosure.Volunteer || _said[f] || (_request[f] == Identity) != isIdentity)
                continue;
            // A fact in a request's words is said with the request, unless the human shortens it.
            if (_request[f] >= 0 && IsInWords(f, _request[f]) && (TellsAllOf(_request[f]) || HasOpening(_request[f]) || _request[f] > 0))
                continue;
            volunteered.Add(fact);
            _said[f] = true;
        }

        return volunteered;
    }

    private bool HasOpening(int request) => _blueprint.Scenario.Requests[request].Opening is not null;

    /// <summary>The facts that the agent must still ask for to serve the request.</summary>
    public List<Fact> Missing(int request)
    {
        var missing = new List<Fact>();
        var full = TellsAllOf(request) || HasOpening(request);
        for (var f = 0; f < _said.Length; f++)
        {
            var fact = _blueprint.Scenario.Facts[f];
            if (_said[f] || _request[f] != request || fact.Disclosure == Disclosure.Never)
                continue;
            if (full && IsInWords(f, request) && !(HasOpening(request) && fact.Disclosure == Disclosure.WhenAsked))
                continue;
            missing.Add(fact);
        }

        return missing;
    }

    /// <summary>The facts that the agent must still ask for to call an identity tool.</summary>
    public List<Fact> MissingIdentity(string tool)
    {
        var missing = new List<Fact>();
        foreach (var proof in _pack.Domain.Identity)
        {
            if (proof.Tool != tool)
                continue;
            foreach (var field in proof.Proves)
            {
                for (var f = 0; f < _said.Length; f++)
                {
                    if (
                        !_said[f]
                        && _request[f] == Identity
                        && IsSlot(_blueprint.Scenario.Facts[f].Slot, field)
                        && _blueprint.Scenario.Facts[f].Disclosure != Disclosure.Never
                    )
                        missing.Add(_blueprint.Scenario.Facts[f]);
                }
            }
        }

        return missing;
    }

    public void Give(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
            _said[_blueprint.Scenario.Facts.IndexOf(fact)] = true;
    }

    private bool IsInWords(int fact, int request) =>
        _blueprint.Scenario.Requests[request].Slots.Contains(_blueprint.Scenario.Facts[fact].Slot, StringComparer.Ordinal);

    private int Place(Fact fact)
    {
        var requests = _blueprint.Scenario.Requests;
        for (var r = 0; r < requests.Length; r++)
        {
            if (requests[r].Slots.Contains(fact.Slot, StringComparer.Ordinal))
                return r;
        }

        if (_pack.Domain.Identity.Any(p => p.Proves.Any(field => IsSlot(fact.Slot, field))))
            return Identity;
        for (var r = 0; r < requests.Length; r++)
        {
            for (
                var a = requests[r].FirstAction;
                a < Math.Min(requests[r].FirstAction + requests[r].ActionCount, _blueprint.Actions.Length);
                a++
            )
            {
                if (Holds(_blueprint.Actions[a].Arguments, fact.Value))
                    return r;
            }
        }

        return Nowhere;
    }

    private bool IsSlot(string slot, string field) =>
        slot.Length == _pack.Domain.Who.Length + 1 + field.Length
        && slot[_pack.Domain.Who.Length] == '.'
        && slot.StartsWith(_pack.Domain.Who, StringComparison.Ordinal)
        && slot.EndsWith(field, StringComparison.Ordinal);

    private static bool Holds(Json value, Json wanted) =>
        value switch
        {
            JsonMap map => map.Values.Any(v => Holds(v, wanted)),
            JsonList list => list.Items.Any(i => Holds(i, wanted)),
            _ => value == wanted,
        };
}
