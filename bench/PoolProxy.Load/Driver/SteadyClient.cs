using System.Diagnostics;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Load.Driver;

/// <summary>A client that stays connected and runs one transaction of its script after the other, with no pause between.</summary>
internal sealed class SteadyClient : Client
{
    private readonly Script _script;
    private readonly Crowd _crowd;
    private int _variant;
    private int _step;
    private long _started;
    private bool _isPreparing;

    public SteadyClient(ClientLoop loop, Target target, Credentials credentials, Script script, Crowd crowd)
        : base(loop, target, credentials)
    {
        _script = script;
        _crowd = crowd;
        // Spread over the variants, so that clients do not all want the same row.
        _variant = Number * 7919 % script.Variants.Length;
    }

    /// <summary>Starts the first transaction.</summary>
    public void Begin() => Next();

    protected override void OnLoggedIn()
    {
        if (_script.Preparation is { } preparation)
        {
            _isPreparing = true;
            Send(preparation);
            return;
        }
        _crowd.Ready++;
    }

    protected override void OnReadyForQuery()
    {
        if (_isPreparing)
        {
            _isPreparing = false;
            _crowd.Ready++;
            return;
        }
        byte[][] steps = _script.Variants[_variant];
        if (++_step < steps.Length)
        {
            Send(steps[_step]);
            return;
        }
        _crowd.Window.Add(Stopwatch.GetTimestamp() - _started);
        _crowd.Busy--;
        if (!_crowd.IsEnding)
        {
            Next();
        }
    }

    protected override void OnMessage(byte type)
    {
        if (type == BackendType.CopyInResponse)
        {
            Send(_script.CopyData ?? throw new BenchException("CopyInResponse to a script without data"));
        }
    }

    protected override void OnClosed() => _crowd.Ready--;

    private void Next()
    {
        if (++_variant == _script.Variants.Length)
        {
            _variant = 0;
        }
        _step = 0;
        _crowd.Busy++;
        _started = Stopwatch.GetTimestamp();
        Send(_script.Variants[_variant][0]);
    }
}
