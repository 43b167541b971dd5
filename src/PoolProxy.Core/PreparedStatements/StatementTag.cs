using System.Diagnostics;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// The tag that a message about a statement carries through a server's queue of answers: a statement's id, and whether the client
/// called it by a name of its own or meant its unnamed one. Negative tags are refusals, 0 means nothing.
/// </summary>
internal static class StatementTag
{
    /// <summary>A Parse that gives a server the unnamed statement its client had elsewhere.</summary>
    public const int Unnamed = int.MaxValue;

    /// <summary>A Parse or Close of a name that is the client's own on the server.</summary>
    public const int OwnName = int.MaxValue - 1;

    private const int UnnamedBit = 1 << 30;

    /// <summary>The largest id of a statement; the catalogue gives none beyond. With the bit it stays below the tags above.</summary>
    public const int MaxId = UnnamedBit - 3;

    /// <summary>The tag for the client's unnamed statement, served by the statement of this id.</summary>
    public static int ForUnnamed(int id)
    {
        Debug.Assert(id is > 0 and <= MaxId, "an id beyond its bound");
        return id | UnnamedBit;
    }

    /// <summary>Whether it belongs to a statement that the client, or the proxy, knows by a name.</summary>
    public static bool IsNamed(int tag) => tag is > 0 and (<= MaxId or OwnName);

    /// <summary>Whether it belongs to a client's unnamed statement that one of ours serves.</summary>
    public static bool IsForUnnamed(int tag) => tag is > MaxId and < OwnName;

    /// <summary>Whether it carries a statement's id.</summary>
    public static bool HasId(int tag) => tag is > 0 and < OwnName;

    /// <summary>The statement's id.</summary>
    public static int IdOf(int tag) => tag & ~UnnamedBit;
}
