using System.Net;

namespace PoolProxy.Identity.Rules;

/// <summary>What a login comes with beside its claims.</summary>
/// <param name="Address">The client's address; null on a Unix socket.</param>
/// <param name="Now">The time by which conditions are judged.</param>
public readonly record struct Circumstances(IPAddress? Address, DateTimeOffset Now);
