using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Gives the memory that logins left behind back to the system once the proxy has come to rest. Serving allocates nothing, so without
/// this a burst of logins would be paid for until the next one: the collector has no reason to run. A proxy that has had neither
/// transactions nor logins worth mentioning since the last look, and whose idle clients are parked, can spare the milliseconds. Runs on one
/// loop for all: what it reads of the others may be a moment old.
/// </summary>
internal sealed class Housekeeping(FrontendServices services) : TimerNode
{
    private const int LookMilliseconds = 250;
    private const int BetweenMilliseconds = 2000;
    private const long WorthCollectingBytes = 1 << 20;
    private const long RestTransactions = 50;

    private long _allocatedBytes;
    private long _transactions;
    private long _parked;
    private long _collectedMilliseconds;

    public void Start() => services.Loop.Timers.Arm(this, services.Loop.NowMilliseconds + LookMilliseconds);

    public void Stop() => services.Loop.Timers.Disarm(this);

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (IsResting() && nowMilliseconds - _collectedMilliseconds >= BetweenMilliseconds
            && GC.GetTotalAllocatedBytes() - _allocatedBytes > WorthCollectingBytes)
        {
            services.Clients.Trim();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            _allocatedBytes = GC.GetTotalAllocatedBytes();
            _collectedMilliseconds = nowMilliseconds;
        }

        Start();
    }

    private bool IsResting()
    {
        var (transactions, parked) = (0L, 0L);
        foreach (var pool in services.Shared.Pools.All)
        {
            foreach (var part in pool.Parts)
            {
                transactions += part.Stats.XactCount;
            }
        }

        foreach (var loop in services.Shared.Loops)
        {
            parked += loop.Parking.ParkedCount;
        }

        var rests = transactions - _transactions < RestTransactions && parked == _parked && services.Census.LoginCount == 0;
        (_transactions, _parked) = (transactions, parked);
        return rests;
    }
}
