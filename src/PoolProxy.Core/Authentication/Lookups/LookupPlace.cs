using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>Where a client's name is looked up, by the configuration in force.</summary>
/// <param name="Pool">The pool of its own that auth_user's servers are in, on the client's loop.</param>
/// <param name="Query">auth_query.</param>
/// <param name="QueryWaitTimeout">The longest wait for one of them; zero waits for ever.</param>
/// <param name="Deadline">The longest that the answer may take.</param>
internal sealed record LookupPlace(Pool Pool, string Query, TimeSpan QueryWaitTimeout, TimeSpan Deadline);
