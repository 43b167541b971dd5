namespace PoolProxy.Core.Loops;

/// <summary>Gets a descriptor that an engine has let go of, and what had been received on it and given to nobody.</summary>
internal delegate void SocketReleased(int descriptor, byte[] received, object? state);
