namespace PoolProxy.Core;

/// <summary>How an examination ended.</summary>
public enum DoctorVerdict
{
    /// <summary>No fault; there may be warnings.</summary>
    Well,

    /// <summary>At least one fault, whatever else.</summary>
    Faults,

    /// <summary>No fault was found, but the file has faults of its own, or a server could not be looked at.</summary>
    Trouble,
}
