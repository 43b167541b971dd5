using PoolProxy.Core.Backend.Parameters;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What a client's session was before the transaction under way touched it, and at each of its savepoints since. A savepoint from before the first
/// touch is not known: to go back to it is to go back to the start. Bounded by what PostgreSQL lets a transaction nest.
/// </summary>
internal sealed class SessionUndo(ParameterSet parameters, HeldStates held)
{
    /// <summary>Savepoints that are remembered; a transaction with more goes back further than it need.</summary>
    private const int Capacity = 1024;

    private readonly List<(string Name, ParameterSet Parameters, HeldStates Held)> _savepoints = [];

    public ParameterSet Parameters { get; } = parameters;

    public HeldStates Held { get; } = held;

    public void Save(string name, ParameterSet current, HeldStates currentHeld)
    {
        if (_savepoints.Count < Capacity)
        {
            _savepoints.Add((name, current, currentHeld));
        }
    }

    /// <summary>The savepoint and those after it are gone; what was done since stays.</summary>
    public void Release(string name)
    {
        var at = _savepoints.FindLastIndex(savepoint => savepoint.Name == name);
        if (at >= 0)
        {
            _savepoints.RemoveRange(at, _savepoints.Count - at);
        }
    }

    /// <summary>What was at the savepoint, which stays.</summary>
    public (ParameterSet Parameters, HeldStates Held) BackTo(string name)
    {
        var at = _savepoints.FindLastIndex(savepoint => savepoint.Name == name);
        if (at < 0)
        {
            _savepoints.Clear();
            return (Parameters, Held);
        }

        _savepoints.RemoveRange(at + 1, _savepoints.Count - at - 1);
        return (_savepoints[at].Parameters, _savepoints[at].Held);
    }
}
