namespace PoolProxy.Core.Naming;

/// <summary>The kinds of records that are asked for or followed (RFC 1035 §3.2.2, RFC 3596 §2.1).</summary>
internal enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The name is another's alias.</summary>
    Cname = 5,

    /// <summary>The start of a zone, with its serial.</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}
