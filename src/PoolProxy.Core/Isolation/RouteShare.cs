using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Isolation;

/// <summary>What the routes of all loops to one pool have in common, so that a server fits wherever it goes.</summary>
internal sealed class RouteShare(bool isShared)
{
    public StatementCatalogue Catalogue { get; } = new(isShared);

    public RoleScopes Scopes { get; } = new();

    public TriedParameters Tried { get; } = new(isShared);
}
