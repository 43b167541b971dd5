namespace PoolProxy.Core.Naming;

/// <summary>What a DNS server answered.</summary>
/// <param name="Code">RCODE: 0 for an answer, 3 for a name that does not exist, others for a server that cannot or will not tell (RFC 1035 §4.1.1).</param>
/// <param name="IsTruncated">It did not fit a datagram.</param>
/// <param name="Records">The answer's records of known kinds.</param>
internal sealed record DnsAnswer(int Code, bool IsTruncated, IReadOnlyList<DnsRecord> Records)
{
    public const int NoError = 0;
    public const int NameError = 3;
}
