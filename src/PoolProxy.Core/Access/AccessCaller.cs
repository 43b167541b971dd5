using System.Net;

namespace PoolProxy.Core.Access;

/// <summary>Who asks over HTTP.</summary>
/// <param name="Token">The token that was shown.</param>
/// <param name="Address">Where the caller is.</param>
/// <param name="AddressText">The same with its port, for log and audit.</param>
internal readonly record struct AccessCaller(ReadOnlyMemory<byte> Token, IPAddress Address, string AddressText);
