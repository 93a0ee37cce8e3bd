using Orleans.Runtime;

namespace ConvoSynth.Simulation;

/// <content>Mishaps between two steps.</content>
internal sealed partial class SimulatedProcess
{
    // Victims are drawn in the order of their creation.
    private ProcessEnd? Between()
    {
        if (!_disk.Died && Happens(_mishaps.DeathEvery) && _budgets.Deaths-- > 0)
        {
            _conditions.Note?.Invoke("the process dies");
            _disk.Die();
        }

        if (_disk.Died)
            return new(EndKind.Died, null, null);
        if (Happens(_mishaps.ActivationCrashEvery) && _budgets.Crashes-- > 0)
        {
            var share = _chaos.NextDouble() * 0.5;
            _conditions.Figures.ActivationsCrashed += _cluster.Crash(id => Meets(id, share, "crashes"));
        }

        if (Happens(_mishaps.ForgetEvery) && _budgets.Forgettings-- > 0)
        {
            var share = _chaos.NextDouble() * 0.5;
            // A host that was taken for dead eventually dies.
            _cluster.CrashForgotten();
            _conditions.Figures.ActivationsForgotten += _cluster.Forget(id => Meets(id, share, "is forgotten"));
        }

        if (Happens(_mishaps.SiloDeathEvery) && _budgets.SiloDeaths-- > 0)
            KillSilo();
        if (Happens(_mishaps.StopEvery) && _budgets.Stops-- > 0)
        {
            _conditions.Note?.Invoke("the run is stopped");
            _conditions.Figures.Stops++;
            _stopped = true;
            _ = Campaign.Stop();
        }

        if (_chaos.Chance(_mishaps.Hurry))
            _time.FireNext(Now + TimeSpan.FromSeconds(_chaos.Between(0, 40)).Ticks);
        return null;
    }

    private void KillSilo()
    {
        var number = _chaos.Next(_mishaps.Silos);
        var died = _cluster.KillSilo(number, Mishaps.LongestUnnoticedDeath * _chaos.NextDouble());
        _conditions.Figures.SiloDeaths++;
        _conditions.Figures.DiedWithSilos += died.Count;
        _conditions.Note?.Invoke($"silo {number} dies with {died.Count} activations");
    }

    private bool Happens(int every) => every > 0 && _chaos.Next(every) == 0;

    private bool Meets(GrainId id, double share, string what)
    {
        if (!_chaos.Chance(share))
            return false;
        _conditions.Note?.Invoke($"{id} {what}");
        return true;
    }
}
