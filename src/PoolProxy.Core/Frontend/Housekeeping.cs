using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Gives the memory that logins left behind back to the system once the proxy has come to rest. Serving allocates nothing, so without
/// this a burst of logins would be paid for until the next one: the collector has no reason to run. A proxy that has made neither
/// transactions nor logins worth mentioning since the last look can spare the milliseconds. Runs on one
/// loop for all: what it reads of the others may be a moment old.
/// </summary>
internal sealed class Housekeeping(FrontendServices services) : TimerNode
{
    private const int LookMilliseconds = 2000;
    private const long WorthCollectingBytes = 4 << 20;
    private const long RestTransactions = 200;

    private long _allocatedBytes;
    private long _transactions;

    public void Start() => services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + LookMilliseconds);

    public void Stop() => services.Loop.Timers.Disarm(this);

    protected internal override void OnDue(long nowMilliseconds)
    {
        var transactions = 0L;
        foreach (var part in services.Shared.Pools.All.SelectMany(pool => pool.Parts))
        {
            transactions += part.Stats.XactCount;
        }

        var rests = transactions - _transactions < RestTransactions && services.Census.LoginCount == 0;
        _transactions = transactions;
        if (rests && GC.GetTotalAllocatedBytes() - _allocatedBytes > WorthCollectingBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _allocatedBytes = GC.GetTotalAllocatedBytes();
        }

        Start();
    }
}
