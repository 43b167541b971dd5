using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Notifications;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Core.Relay.Auditing;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What all relays of one loop share: the two lists that writes are built in, and room to compose a message. Each list is sent, and so
/// empty again, before anything else on the loop can want it.
/// </summary>
internal sealed class RelayLoop(Loop loop, ParameterRegistry registry)
{
    /// <summary>A peer that has this much yet to take is not fed any more: its source is not read until it has caught up.</summary>
    public const int HighWaterBytes = 128 * 1024;

    public Loop Loop { get; } = loop;

    public ParameterRegistry Registry { get; } = registry;

    /// <summary>Records clients' statements; null where nobody asks for that.</summary>
    public LoopAudit? Audit { get; set; }

    /// <summary>Moves when clients that were let in may have to leave; all loops have the same.</summary>
    public AdmissionEpoch Admissions { get; init; } = new();

    /// <summary>The servers that listen for clients, of all loops.</summary>
    public ListeningServers Listening { get; init; } = new();

    public SegmentList ToServer { get; } = new(loop);

    public SegmentList ToClient { get; } = new(loop);

    public MessageWriter Scratch { get; } = new();

    /// <summary>Texts of unnamed statements that have come by.</summary>
    public SeenTexts SeenTexts { get; } = new();

    /// <summary>How texts have run, where a database pipelines.</summary>
    public RunHistory Runs => field ??= new RunHistory();
}
