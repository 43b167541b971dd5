using BenchmarkDotNet.Attributes;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Microbench;

/// <summary>Taking a server from a pool of twenty and giving it back: what a transaction pays at its two ends.</summary>
[MemoryDiagnoser]
public class CheckoutBenchmarks
{
    private const int Servers = 20;

    private readonly object _somebody = new();
    private readonly object _stranger = new();
    private readonly ServerConnection[] _taken = new ServerConnection[Servers];
    private readonly PassingClient _client = new();
    private Loop _loop = null!;
    private Pool _pool = null!;

    /// <summary>Twenty free servers, one of them dressed for somebody.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _loop = Parts.Loop();
        _pool = Parts.Pool(_loop, Servers);
        ServerConnection worn = _pool.TryTake(_somebody) ?? throw new InvalidOperationException("no server is free");
        worn.DressedFor = _somebody;
        worn.IsDressIntact = true;
        _pool.Release(worn);
    }

    /// <summary>A server that the client's own identity used last.</summary>
    [Benchmark]
    public void KnownWearer() => Cycle(_somebody);

    /// <summary>None was: all are looked at.</summary>
    [Benchmark]
    public void Stranger() => Cycle(_stranger);

    /// <summary>All twenty are taken, one after the other: the twenty-first client waits, and gets the first that comes free.</summary>
    [Benchmark]
    public void Waiting()
    {
        for (int number = 0; number < Servers; number++)
        {
            _taken[number] = _pool.TryTake(_stranger)!;
        }
        _pool.Wait(_client);
        _pool.Release(_taken[0]);
        _taken[0] = _client.Server!;
        for (int number = 0; number < Servers; number++)
        {
            _pool.Release(_taken[number]);
        }
    }

    private void Cycle(object wearer)
    {
        ServerConnection server = _pool.TryTake(wearer)!;
        _pool.Release(server);
    }
}
