namespace PoolProxy.Protocol.Sql;

/// <summary>Which bytes PostgreSQL's scan.l takes for what.</summary>
internal static class SqlBytes
{
    /// <summary>0 to 9.</summary>
    public static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    /// <summary>What an identifier may begin with: a letter, an underscore, or any byte beyond ASCII.</summary>
    public static bool IsIdentifierStart(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a' || value == '_' || value >= 0x80;

    /// <summary>ASCII letters folded; PostgreSQL folds no others in a multi-byte encoding.</summary>
    public static byte ToLower(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;
}
