namespace PoolProxy.Protocol.Framing;

/// <summary>
/// The number a StartupMessage begins with: major in the upper 16 bits, minor in the lower.
/// Source: protocol-overview.html#PROTOCOL-VERSIONS.
/// </summary>
public static class ProtocolVersion
{
    /// <summary>3.0: every server since 7.4. Cancel keys have 4 bytes.</summary>
    public const int V3_0 = 3 << 16;

    /// <summary>3.2: PostgreSQL 18. Cancel keys have 4 to 256 bytes. 3.1 was never used.</summary>
    public const int V3_2 = (3 << 16) | 2;

    /// <summary>The newest version this project reads and writes.</summary>
    public const int Newest = V3_2;

    /// <summary>The major part, 0 to 65 535.</summary>
    public static int Major(int version) => (int)((uint)version >> 16);

    /// <summary>The minor part, 0 to 65 535.</summary>
    public static int Minor(int version) => version & 0xFFFF;
}
