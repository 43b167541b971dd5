namespace PoolProxy.UnitTests.Architecture;

/// <summary>A member that only some rooms may call, wherever it could be reached from.</summary>
/// <param name="Type">Namespace and name of the type.</param>
/// <param name="Member">The member's name in metadata (a property's accessor is <c>get_X</c> or <c>set_X</c>, a constructor <c>.ctor</c>).</param>
/// <param name="Rooms">Namespaces that may call it, with all below them; its own type always may.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record RestrictedMember(string Type, string Member, string[] Rooms, string Reason)
{
    /// <summary>
    /// The table. Add an entry when a member must not be called from everywhere its room can be seen from; a test sees to it that the member exists.
    /// </summary>
    public static IReadOnlyList<RestrictedMember> Table { get; } =
    [
        new("PoolProxy.Core.Backend.ServerConnection", "SendClientBytes", ["PoolProxy.Core.Isolation"], "Only a dressed server passes a client's bytes on."),
        new("PoolProxy.Core.Backend.ServerConnection", "SendOwn", ["PoolProxy.Core.Backend"], "What the proxy says itself is said by the room that keeps the books."),
        new("PoolProxy.Core.Isolation.DressedServer", ".ctor", ["PoolProxy.Core.Isolation"], "Only the dresser makes one."),
        new("PoolProxy.Core.Isolation.DressedServer", "Open", ["PoolProxy.Core.Isolation"], "Only the dresser opens one."),
    ];

    /// <summary>Uses of the member from elsewhere.</summary>
    public IEnumerable<Use> Violations(IEnumerable<Use> uses) => uses.Where(use =>
        use.Target == Type && use.Member == Member && use.From != Type
        && !Rooms.Any(room => use.FromNamespace == room || use.FromNamespace.StartsWith(room + ".", StringComparison.Ordinal)));
}
