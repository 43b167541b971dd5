using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;
using PoolProxy.Load.Workloads;

namespace PoolProxy.Load.Report;

/// <summary>What a workload came to, round by round.</summary>
internal sealed class WorkloadResult(Workload workload)
{
    private readonly Dictionary<string, List<Measurement>> _rounds = [];
    private readonly Dictionary<string, Entrant> _entrants = [];
    private readonly Dictionary<string, string> _skipped = [];
    private readonly Dictionary<string, string> _void = [];

    /// <summary>The workload.</summary>
    public Workload Workload { get; } = workload;

    /// <summary>By entrant, in the order they first ran: one measurement a round.</summary>
    public IReadOnlyDictionary<string, List<Measurement>> Rounds => _rounds;

    /// <summary>Entrants that could not take part, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    /// <summary>Entrants with a run that does not count, with the reason. Their other runs are dropped.</summary>
    public IReadOnlyDictionary<string, string> Voided => _void;

    /// <summary>A round has ended for an entrant.</summary>
    public void Add(Entrant entrant, Measurement measurement)
    {
        if (!_rounds.TryGetValue(entrant.Name, out List<Measurement>? rounds))
        {
            _rounds.Add(entrant.Name, rounds = []);
            _entrants.Add(entrant.Name, entrant);
        }
        rounds.Add(measurement);
    }

    /// <summary>Whether an entrant is PoolProxy.</summary>
    public bool IsOwn(string entrant) => _entrants[entrant].Contender is PoolProxyContender;

    /// <summary>Whether two entrants are the same program on the same engine, set up differently.</summary>
    public bool IsSibling(string entrant, string other) => entrant != other && _entrants[entrant].Contender == _entrants[other].Contender;

    /// <summary>The first other pooler that took part; null where there was none.</summary>
    public string? FirstPeer => _rounds.Keys.FirstOrDefault(entrant => !IsOwn(entrant) && _entrants[entrant].Contender is not null);

    /// <summary>An entrant cannot take part.</summary>
    public void Skip(string entrant, string reason) => _skipped[entrant] = reason;

    /// <summary>An entrant's run does not count.</summary>
    public void Void(string entrant, string reason)
    {
        _void[entrant] = reason;
        _rounds.Remove(entrant);
        _entrants.Remove(entrant);
    }

    /// <summary>A metric of an entrant over the rounds; null where it has none.</summary>
    public Spread? Of(string entrant, Metric metric) =>
        Spread.Of(_rounds[entrant].Where(round => round.Values.ContainsKey(metric)).Select(round => round.Values[metric]));

    /// <summary>The ratio of two entrants, round by round; null where either has no such metric.</summary>
    public Spread? Ratio(string entrant, string other, Metric metric) => Spread.Of(_rounds[entrant].Zip(_rounds[other])
        .Where(pair => pair.First.Values.ContainsKey(metric) && pair.Second.Values.ContainsKey(metric) && pair.Second.Values[metric] != 0)
        .Select(pair => pair.First.Values[metric] / pair.Second.Values[metric]));
}
