namespace PoolProxy.Core.Transport;

/// <summary>The peer sent something that no message of the protocol can be (SQLSTATE 08P01): a length out of its bounds.</summary>
internal sealed class ProtocolViolationException(string message) : Exception(message);
