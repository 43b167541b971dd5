namespace PoolProxy.Core.Doctor;

/// <summary>How bad a finding is, from worst to best.</summary>
internal enum FindingLevel
{
    /// <summary>Isolation does not hold, or clients cannot be served: the doctor ends with an error.</summary>
    Fault,

    /// <summary>Something is weaker than it should be, or will be a fault when more goes wrong.</summary>
    Warning,

    /// <summary>What could not be looked at.</summary>
    Note,

    /// <summary>Looked at, and as it should be.</summary>
    Ok,
}
