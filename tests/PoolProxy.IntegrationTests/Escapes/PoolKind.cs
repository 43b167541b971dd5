namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>What pool an attack takes place on.</summary>
[Flags]
public enum PoolKind
{
    /// <summary>One server, and nobody else there.</summary>
    One = 0,

    /// <summary>Four servers, and others who keep them busy.</summary>
    Busy = 1,

    /// <summary>With <c>pipelining</c>: those who keep it busy go behind one another.</summary>
    Pipelining = 2,
}
