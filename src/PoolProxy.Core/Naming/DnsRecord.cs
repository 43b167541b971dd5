namespace PoolProxy.Core.Naming;

/// <summary>One record of an answer.</summary>
/// <param name="Owner">Whose it is, in lower case, without the last dot.</param>
/// <param name="Type">Of a kind that is looked at.</param>
/// <param name="TimeToLive">How long it may be remembered.</param>
/// <param name="Data">The address, of A and AAAA; else empty.</param>
/// <param name="Target">What an alias stands for; else empty.</param>
/// <param name="Serial">Of a zone; else 0.</param>
internal sealed record DnsRecord(string Owner, DnsType Type, TimeSpan TimeToLive, byte[] Data, string Target, uint Serial);
