namespace PoolProxy.Configuration.Hba;

/// <summary>How a line names its addresses.</summary>
public enum HbaAddressKind
{
    /// <summary><c>all</c>; also what a line for the Unix socket has.</summary>
    All,

    /// <summary>A network by its numbers.</summary>
    Network,

    /// <summary><c>samehost</c>: one of the machine's own addresses.</summary>
    SameHost,

    /// <summary><c>samenet</c>: an address in one of the networks that the machine is in.</summary>
    SameNet,
}
