namespace PoolProxy.Core;

/// <summary>The proxy cannot start: a configuration with faults, or an address that cannot be listened on. Holds every reason found.</summary>
public sealed class ProxyFaultException(IReadOnlyList<string> faults, bool isBadFile) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>The reasons, each one line that names its place.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>The file is to blame, not the machine.</summary>
    public bool IsBadFile { get; } = isBadFile;
}
