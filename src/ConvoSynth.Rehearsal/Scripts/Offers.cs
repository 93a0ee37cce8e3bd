using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// A write in the agent's words. If the details follow anyway, most agents name the act alone, since people do not repeat a whole request
/// verbatim.
/// </summary>
internal sealed class Offers(Pack pack, SeededRandom random)
{
    private const double ShortShare = 0.7;

    /// <summary>The act with all its facts.</summary>
    public static string Full(Request request) => request.Offer ?? request.Words;

    /// <summary>The act, with or without its facts.</summary>
    public string Of(Request request) => !request.Confirm.IsEmpty && random.Chance(ShortShare) ? Short(request) : Full(request);

    /// <summary>The act without any fact: "renew the loan".</summary>
    public string Short(Request request)
    {
        if (
            request.Tool is null
            || pack.Domain.Acts.GetValueOrDefault(request.Tool) is not { Offer.Count: 0, Verbs.Count: > 0, Object: { } named } act
        )
            return Full(request);
        var verb = random.Pick(act.Verbs);
        var dot = named.IndexOf('.', StringComparison.Ordinal);
        var entity = pack.Domain.Entity(dot < 0 ? named : named[..dot]);
        return entity.Name == pack.Domain.Who
            ? $"{verb} your {pack.Domain.Find(named)?.Field.Label ?? "account"}"
            : $"{verb} the {entity.Label}";
    }
}
