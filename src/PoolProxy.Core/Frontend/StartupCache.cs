using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Startup packets that have come by and what they were read as: one application's clients all send the same, so its words are kept once and
/// read once. Bounded, as anybody may send them; it starts anew when full, and at a RELOAD. Owned by one loop.
/// </summary>
internal sealed class StartupCache
{
    /// <summary>Packets that are remembered.</summary>
    public const int Capacity = 256;

    /// <summary>The longest packet that is remembered.</summary>
    public const int MaxPacketBytes = 512;

    private readonly Dictionary<byte[], StartupSettings> _known = new(ByteStringComparer.Instance);

    /// <summary>What the packet was read as before; null for one that is new.</summary>
    public StartupSettings? Find(ReadOnlySpan<byte> packet) => _known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(packet, out var known) ? known : null;

    /// <summary>Remembers a packet without fault.</summary>
    public void Add(ReadOnlySpan<byte> packet, StartupSettings settings)
    {
        if (packet.Length > MaxPacketBytes)
        {
            return;
        }

        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[packet.ToArray()] = settings;
    }

    public void Clear() => _known.Clear();
}
