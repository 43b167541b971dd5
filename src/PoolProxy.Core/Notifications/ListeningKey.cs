using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Notifications;

/// <summary>Whose notifications may come over one server connection.</summary>
/// <param name="Pool">The database and the login.</param>
/// <param name="Scope">
/// What may not share within the pool: the role under <c>set_role</c>, the identity under <c>exclusive</c>; null where the login says it all.
/// </param>
/// <param name="Encoding">The clients' client_encoding, into which the server converts payloads.</param>
internal readonly record struct ListeningKey(PoolState Pool, object? Scope, string Encoding);
