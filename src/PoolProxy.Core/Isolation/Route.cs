using PoolProxy.Core.Pooling;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Isolation;

/// <summary>Where a client's transactions go: its pool, how that pool's servers are dressed, and the statements known there.</summary>
internal sealed record Route(Pool Pool, Dresser Dresser, StatementCatalogue Catalogue)
{
    /// <summary>The dressed form of one of the pool's servers; it is furnished once and stays with the server.</summary>
    public DressedServer DressedFormOf(Backend.ServerConnection server)
    {
        if (server.Wardrobe is not DressedServer dressed || !ReferenceEquals(dressed.Dresser, Dresser))
        {
            server.Wardrobe = dressed = Dresser.Furnish(server);
        }

        return dressed;
    }
}
