namespace PoolProxy.Testing.Wire;

/// <summary>Who sends a message; the same letter means different messages in the two directions.</summary>
public enum Side
{
    /// <summary>The client sends it.</summary>
    Frontend,

    /// <summary>The server sends it.</summary>
    Backend,
}
