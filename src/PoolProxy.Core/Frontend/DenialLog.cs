namespace PoolProxy.Core.Frontend;

/// <summary>The last refused logins, whatever became of the log and the audit trail. Any thread may call.</summary>
internal sealed class DenialLog
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 256;

    private readonly Lock _gate = new();
    private readonly Denial?[] _denials = new Denial?[Capacity];
    private int _next;

    public void Add(Denial denial)
    {
        lock (_gate)
        {
            _denials[_next] = denial;
            _next = (_next + 1) % Capacity;
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Denial> Latest()
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(1, Capacity).Select(back => _denials[(_next - back + Capacity) % Capacity]).OfType<Denial>()];
        }
    }
}
