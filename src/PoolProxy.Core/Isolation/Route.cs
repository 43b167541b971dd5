using PoolProxy.Core.Pooling;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Where the transactions of one loop's clients go: their pool, how its servers are dressed there, the statements known to the pool, and
/// the clock of its database's schema.
/// </summary>
internal sealed record Route(Pool Pool, Dresser Dresser, StatementCatalogue Catalogue, SchemaClock Schema)
{
    /// <summary>The dressed form of one of the pool's servers; it is furnished once and stays with the server.</summary>
    public DressedServer DressedFormOf(Backend.ServerConnection server)
    {
        if (server.Wardrobe is not DressedServer dressed)
        {
            server.Wardrobe = dressed = Dresser.Furnish(server);
        }
        else if (!ReferenceEquals(dressed.Dresser, Dresser))
        {
            dressed.ChangeDresser(Dresser);
        }

        return dressed;
    }
}
