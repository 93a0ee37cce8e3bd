namespace ConvoSynth.Grains.Campaign;

/// <content>What the partition reports to its campaign.</content>
public sealed partial class PartitionGrain
{
    private long _reports;
    private bool _isReporting;
    private bool _isReportDue;

    // One report at a time; changes that occur meanwhile go into the next one.
    private void QueueReport()
    {
        _isReportDue = true;
        if (!_isReporting && !_finished)
            _ = ReportUntilHeard();
    }

    private async Task ReportUntilHeard()
    {
        _isReporting = true;
        while (_isReportDue && !_finished)
        {
            _isReportDue = false;
            if (IsOnBudget)
                await Count();
            if (!_finished)
                await Report();
        }

        _isReporting = false;
    }

    private Task Fail(string error)
    {
        _error ??= error;
        return Finish();
    }

    private async Task Finish()
    {
        _finished = true;
        if (await Report())
            DeactivateOnIdle();
    }

    private async Task<bool> Report()
    {
        var epoch = _sink?.Epoch ?? 0;
        var status = new PartitionStatus(_work!.Partition, epoch, _counted, _sink?.Restored ?? 0, _inFlight.Count, _finished)
        {
            Error = _error,
            Term = _term,
            Waiting = _waiting,
            Number = ++_reports,
            BeyondWindow = _grant.Epoch == epoch ? Math.Max(0, _inFlight.Count - _grant.Window) : 0,
            Begun = IsOpen || _finished ? Math.Max(0, _nextToStart - _range.First) : 0,
            CutShort = _finished && _error is null && _written < _range.End,
        };
        try
        {
            await GrainFactory.GetGrain<ICampaignGrain>(_work.RunId).Report(status);
            return true;
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat reports again.
            return false;
        }
    }
}
