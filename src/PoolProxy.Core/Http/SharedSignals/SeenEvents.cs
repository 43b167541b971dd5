namespace PoolProxy.Core.Http.SharedSignals;

/// <summary>
/// The <c>jti</c> of security events that were carried out, so that one sent again is not carried out again, which would undo an UNREVOKE. The newest
/// <see cref="Capacity"/> are remembered; older ones are refused by their age at the latest. Any thread.
/// </summary>
internal sealed class SeenEvents
{
    public const int Capacity = 16_384;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Issuer, string TokenId)> _known = [];
    private readonly Queue<(string Issuer, string TokenId)> _order = [];

    public bool Contains(string issuer, string tokenId)
    {
        lock (_gate)
        {
            return _known.Contains((issuer, tokenId));
        }
    }

    public void Add(string issuer, string tokenId)
    {
        lock (_gate)
        {
            if (!_known.Add((issuer, tokenId)))
            {
                return;
            }

            _order.Enqueue((issuer, tokenId));
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }
}
