namespace PoolProxy.Core.Transport;

/// <summary>
/// A whole message of the protocol as cold code reads it: its type byte (0 for those of the startup, which have none) and what follows the
/// length. The memory is the channel's and valid until its next read.
/// </summary>
internal readonly record struct ColdMessage(byte Type, ReadOnlyMemory<byte> Body);
