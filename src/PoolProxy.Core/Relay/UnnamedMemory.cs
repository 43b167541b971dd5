using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>A client's unnamed statement while the client is parked: its Parse message, or the shared statement (of which it holds one count).</summary>
internal sealed record UnnamedMemory(byte[]? Message, int LengthBytes, StatementTraits Traits, Statement? Shared, byte[]? Deallocates);
