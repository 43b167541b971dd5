namespace PoolProxy.Core.Transport;

/// <summary>Who is at the other end of a Unix socket, as the kernel knows it (SO_PEERCRED: at the time of connecting).</summary>
internal readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId);
