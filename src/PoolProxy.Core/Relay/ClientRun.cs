using System.Runtime.CompilerServices;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What is known of a client's request for pipelining across clients (isolation.md §9): before it is sent, whether it is an independent statement;
/// while it runs, which text's history it is part of. Only for clients whose database pipelines.
/// </summary>
internal sealed class ClientRun(RelayClient client)
{
    /// <summary>A client that has this much to take yet is a slow one: it rides behind nobody, and nobody behind it.</summary>
    public const int MaxBacklogBytes = 16 * 1024;

    /// <summary>Texts of other pools have another past.</summary>
    private readonly int _pool = RuntimeHelpers.GetHashCode(client.Route.Pool);

    private readonly ClientEncoding _encoding = new(client);
    private RequestShape _shape;
    private bool _isSent;
    private bool _hasLeftTrace;

    /// <summary>The request that waits is an independent statement, and short as far as is known.</summary>
    public bool IsShort => _shape.IsIndependent && !_isSent && client.Shared.Runs.IsShort(_shape.Number ^ _pool, client.Settings.PipeliningMaxMilliseconds);

    /// <summary>Behind how many others it may go.</summary>
    public int MaxAhead => client.Shared.Runs.MaxAhead(_shape.Number ^ _pool, client.Settings.PipeliningMaxMilliseconds);

    /// <summary>What the request runs, if that is prepared already.</summary>
    public Statement? Statement => _shape.Statement;

    /// <summary>The bytes that wait, from a request's first message on; no server is linked.</summary>
    public void Look(ReadOnlySpan<byte> waiting)
    {
        _shape = client.Settings.Pipelines && _encoding.IsReadable ? RequestShapes.Read(waiting, client) : default;
        _isSent = false;
        _hasLeftTrace = false;
    }

    /// <summary>A request was sent to its end: whether it was the one looked at, and others may be sent behind it. Only the first time.</summary>
    public bool TakeIndependence()
    {
        var isShort = IsShort;
        if (_isSent)
        {
            // What was looked at was the one before: this one is not known.
            _shape = default;
        }

        _isSent = true;
        return isShort;
    }

    /// <summary>What is sent is not what was looked at.</summary>
    public void Forget() => _shape = default;

    /// <summary>The request has changed something of the session.</summary>
    public void LeaveTrace() => _hasLeftTrace = true;

    /// <summary>The request is answered.</summary>
    public void Over(long milliseconds, bool isClean)
    {
        if (_shape.IsIndependent)
        {
            client.Shared.Runs.Note(_shape.Number ^ _pool, milliseconds, isClean && !_hasLeftTrace);
            _shape = default;
        }
    }
}
