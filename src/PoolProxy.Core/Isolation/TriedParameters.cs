using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// The sets of parameters that a server of the pool has taken, and that may travel with the rest of a prelude therefore. Shared by all loops; it
/// starts anew when full.
/// </summary>
internal sealed class TriedParameters(bool isShared)
{
    public const int Capacity = 4096;

    private readonly LoopGate _gate = new(isShared);
    private readonly HashSet<ParameterSet> _tried = [];

    public bool Contains(ParameterSet parameters)
    {
        using var entered = _gate.Enter();
        return _tried.Contains(parameters);
    }

    public void Remove(ParameterSet parameters)
    {
        using var entered = _gate.Enter();
        _tried.Remove(parameters);
    }

    public void Add(ParameterSet parameters)
    {
        using var entered = _gate.Enter();
        if (_tried.Count >= Capacity)
        {
            _tried.Clear();
        }

        _tried.Add(parameters);
    }
}
