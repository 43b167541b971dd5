namespace PoolProxy.Protocol.Framing;

/// <summary>What the first bytes of a frame say about it.</summary>
public enum FrameStatus : byte
{
    /// <summary>Type and length are known; the body may still be on its way.</summary>
    Complete,

    /// <summary>Fewer than <see cref="Frame.HeaderLength"/> bytes are here: ask again with more.</summary>
    NeedMore,

    /// <summary>The length is less than 4, negative included. There is no way to find the next frame: the connection ends (08P01).</summary>
    Malformed,
}
