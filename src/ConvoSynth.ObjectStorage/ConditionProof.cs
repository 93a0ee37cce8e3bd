using System.Security.Cryptography;
using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage;

/// <summary>
/// Tries before the first write of a process whether a store refuses a second object of one name. A store that ignores the condition
/// would give one partition to two owners.
/// </summary>
internal sealed class ConditionProof(string root, Func<string, string, bool> putIfAbsent, Action<string> delete)
{
    private readonly Lock _lock = new();
    private bool _isProven;

    /// <exception cref="ShardException">The store ignores the condition, or cannot be reached.</exception>
    public void Require()
    {
        lock (_lock)
        {
            if (_isProven)
                return;
            var key = $".probe-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            var (first, second) = (putIfAbsent(key, "1"), putIfAbsent(key, "2"));
            delete(key);
            if (!first || second)
                throw new ShardException(
                    ShardError.Unsupported,
                    $"{root} cannot keep runs: it accepts a second object of one name although it is asked not to (If-None-Match: *), so "
                        + "two processes could own one partition; use a store that honours the condition."
                );
            _isProven = true;
        }
    }
}
