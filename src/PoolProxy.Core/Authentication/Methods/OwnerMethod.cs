using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// The console's own door, as in PgBouncer, whatever auth_type says: over the Unix socket, as user <c>pgbouncer</c>, for who runs as the same system user as the proxy. The kernel
/// has proven that, and such a one could do anything with the process anyway.
/// </summary>
internal sealed class OwnerMethod : ILoginMethod
{
    private const string User = "pgbouncer";

    private static readonly LoginResult Grant = new() { Subject = User, Console = ConsoleAccess.Admin };

    public static OwnerMethod Instance { get; } = new();

    public string Name => "peer";

    public bool IsProvenByKernel => true;

    public bool AsksUsers => false;

    /// <summary>Whether the door is open to a client.</summary>
    public static bool IsFor(LoginExchange exchange) =>
        exchange.IsConsole && IsOwner(exchange.Channel.Connection, exchange.User);

    /// <summary>Whether a process of the proxy's own system user is at the other end, under that name.</summary>
    public static bool IsOwner(Connection connection, string user) => user == User && connection.ReadPeerCredentials() is { } peer && peer.UserId == Libc.getuid();

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) => ValueTask.FromResult(Grant);
}
