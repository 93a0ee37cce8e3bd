namespace ConvoSynth.Cluster.Tests;

/// <summary>A test that needs redis-server; skipped on a machine without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (RedisServer.Program is null)
            Skip = "redis-server is not installed (apt-get install redis-server)";
    }
}
