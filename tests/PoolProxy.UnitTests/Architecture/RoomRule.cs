namespace PoolProxy.UnitTests.Architecture;

/// <summary>
/// Rooms are the folders below a root namespace, in storeys: a room names rooms of lower storeys only, not even its neighbours on the same one. Open
/// rooms may be named by all, and name only each other. What stands in the root itself puts the rooms together: it may name all, and none may name it.
/// </summary>
internal sealed class RoomRule(string root, string[][] storeysFromTheTop, string[] openRooms)
{
    /// <summary>Core's rooms, as the architecture section of the README draws them.</summary>
    public static RoomRule Core { get; } = new(
        "PoolProxy.Core",
        [
            ["Admin", "Http"],
            ["Access", "Doctor", "Reloading"],
            ["Frontend"],
            ["Authentication"],
            ["Relay"],
            ["Notifications"],
            ["Isolation"],
            ["Pooling"],
            ["Backend"],
            ["PreparedStatements"],
            ["Naming", "Transport"],
            ["Loops"],
        ],
        ["Errors", "Telemetry", "Audit"]);

    private const string RootItself = "";

    /// <summary>Uses that go up, go to a neighbour, or leave an open room.</summary>
    public IEnumerable<Use> Violations(IEnumerable<Use> uses) => uses.Where(IsViolation);

    /// <summary>Rooms that exist in the code and have no storey.</summary>
    public IEnumerable<string> UnknownRooms(IEnumerable<Use> uses) =>
        uses.Select(use => RoomOf(use.From)).OfType<string>().Distinct().Where(room => room != RootItself && !IsOpen(room) && Storey(room) < 0);

    private bool IsViolation(Use use)
    {
        if (RoomOf(use.From) is not { } from || RoomOf(use.Target) is not { } to || from == to || from == RootItself || IsOpen(to))
            return false;
        // A greater storey is a lower one.
        return to == RootItself || IsOpen(from) || Storey(to) <= Storey(from);
    }

    private bool IsOpen(string room) => openRooms.Contains(room);

    private int Storey(string room) => Array.FindIndex(storeysFromTheTop, storey => storey.Contains(room));

    // Null outside the root.
    private string? RoomOf(string type)
    {
        if (!type.StartsWith(root + ".", StringComparison.Ordinal))
            return null;
        var below = type[(root.Length + 1)..].Split('.');
        return below.Length == 1 ? RootItself : below[0];
    }
}
