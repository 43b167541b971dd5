namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>
/// One thing that a hostile client tries, and how it must end at each level. Texts may hold {readers}, {writers}, {login}, {victim}, {sibling}: the two
/// roles, the login of the readers, the subject of the victim, and the process id of another session of the login.
/// </summary>
/// <param name="Name">Short and unique: the key of the published table.</param>
/// <param name="Does">What mallory, a reader, sends in each way.</param>
/// <param name="Partitioned">How it must end under <c>partitioned</c>.</param>
/// <param name="SetRole">Under <c>set_role</c>.</param>
/// <param name="Exclusive">Under <c>exclusive</c>.</param>
internal sealed record Attack(string Name, string[] Does, Outcome Partitioned, Outcome SetRole, Outcome Exclusive)
{
    /// <summary>What mallory does before, in simple queries; it must succeed.</summary>
    public string[] First { get; init; } = [];

    /// <summary>A condition that mallory asks at the end, in the same way: true where the attack has reached something.</summary>
    public string? Proof { get; init; }

    /// <summary>Questions to others afterwards.</summary>
    public Probe[] Probes { get; init; } = [];

    /// <summary>What a superuser does afterwards.</summary>
    public string[] Repairs { get; init; } = [];

    /// <summary>Words of docs/isolation.md that say so; for every attack that is possible somewhere.</summary>
    public string? Cites { get; init; }

    /// <summary>The ways in which it is tried.</summary>
    public Way[] Ways { get; init; } = Enum.GetValues<Way>();

    /// <summary>Where it must end otherwise than said above.</summary>
    public Exception[] Except { get; init; } = [];

    /// <summary>It needs to meet the very server: tried on the pool of one alone.</summary>
    public bool NeedsTheServer { get; init; }

    /// <summary>What cannot be told in SQL; it takes the place of <see cref="Does"/>.</summary>
    public Func<EscapeScene, Task>? Plays { get; init; }

    /// <summary>Servers that were logged in before it are of a role that is no more, whatever has its name now: none may be left for others.</summary>
    public bool OutdatesServers { get; init; }

    /// <summary>It may have changed what outlives it.</summary>
    public bool NeedsRepair =>
        First.Length + Repairs.Length > 0 || Plays is not null || Does.Any(sql => sql.Contains("alter ", StringComparison.Ordinal) || sql.Contains("sibling", StringComparison.Ordinal) || sql.Contains("drop ", StringComparison.Ordinal));

    /// <summary>How it must end.</summary>
    public Outcome Expected(string level, Way way, int major)
    {
        foreach (Exception exception in Except)
        {
            if ((exception.Level is null || exception.Level == level) && exception.Ways.Contains(way) && (exception.Major is null || exception.Major == major))
            {
                return exception.Outcome;
            }
        }
        return level switch { "partitioned" => Partitioned, "set_role" => SetRole, _ => Exclusive };
    }

    /// <summary>An ending that depends on how it is sent.</summary>
    /// <param name="Level">Null for every level.</param>
    /// <param name="Outcome">How it must end.</param>
    /// <param name="Ways">In these ways.</param>
    internal sealed record Exception(string? Level, Outcome Outcome, params Way[] Ways)
    {
        /// <summary>On this version only.</summary>
        public int? Major { get; init; }
    }
}
