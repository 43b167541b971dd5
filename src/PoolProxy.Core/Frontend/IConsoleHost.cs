using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>The console, which a lower room cannot name: it takes over a client whose right to enter is proven.</summary>
internal interface IConsoleHost
{
    /// <summary>The client's connection is the console's from here; it reports the end to <paramref name="session"/>.</summary>
    IConnectionHandler Open(ClientSession session, ConsoleAccess access, ReadOnlyMemory<byte> unread);
}
